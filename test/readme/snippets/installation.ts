import { Controller, Get, Injectable } from '@nestjs/common';
import {
  WixAuthModule,
  WixInstallHooks,
  WixInstallService,
  type WixAuthOptions,
  type WixInstallAnswer,
  type WixInstallation,
} from 'nestjs-wix-auth';

@Injectable()
export class Onboarding extends WixInstallHooks {
  override async onInstalled({ instanceId, instance, proven }: WixInstallation): Promise<WixInstallAnswer> {
    await Promise.resolve(`${instanceId} is ${instance.site.displayName ?? 'a site'}`); // your database; running twice does no harm
    return { redirectTo: proven ? '/welcome' : '/login' }; // never log anyone in unless it is proven
  }
}

@Controller('add-to-site')
export class AddToSiteController {
  constructor(private readonly installation: WixInstallService) {}

  @Get()
  button() {
    return `<a href="${this.installation.installUrl({ returnTo: '/welcome' })}">Add to your site</a>`;
  }
}

export const withInstallation = (options: WixAuthOptions, publicUrl: string) =>
  WixAuthModule.forRoot({
    ...options,
    install: { publicUrl },
    providers: [{ provide: WixInstallHooks, useClass: Onboarding }],
  });
