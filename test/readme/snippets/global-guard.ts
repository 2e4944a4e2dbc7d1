import { Controller, Get } from '@nestjs/common';
import {
  WixAuthModule,
  WixIdentity,
  WixPublic,
  WixUserAuth,
  type AnyWixIdentity,
  type WixAuthOptions,
} from 'nestjs-wix-auth';

export const guarded = (options: WixAuthOptions) => WixAuthModule.forRoot({ ...options, globalGuard: true });

@Controller()
export class PagesController {
  @Get('me') // no decorator: any caller Wix vouches for
  me(@WixIdentity('type') type: AnyWixIdentity['type']) {
    return { type };
  }

  @Get('settings') // the route's own authority, applied by the global guard
  @WixUserAuth()
  settings(@WixIdentity('userId') userId: string) {
    return { userId };
  }

  @Get('welcome')
  @WixPublic()
  welcome(@WixIdentity.optional() caller?: AnyWixIdentity) {
    return { hello: caller?.type ?? 'stranger' };
  }
}
