import { Controller, Get, Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { WixAuthGuard, WixIdentity, wixIdentityOf, WixPublic, WixUserAuth, type AnyWixIdentity } from 'nestjs-wix-auth';

interface Request {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

@Injectable()
export class Sessions {
  readonly users = new Map<string, string>([['a session', 'Ada']]); // your own login

  userOf({ headers }: Request): string | undefined {
    return this.users.get(headers['x-session'] ?? '');
  }
}

/** Lets in whom Wix vouches for, and whoever is logged in here. */
@Injectable()
export class WixOrSessionGuard implements CanActivate {
  constructor(private readonly sessions: Sessions) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    return wixIdentityOf(context) !== undefined || this.sessions.userOf(request) !== undefined;
  }
}

@Controller('orders')
export class OrdersController {
  @Get('of-wix') // one side only: simplest
  @WixUserAuth()
  ofWix(@WixIdentity('userId') userId: string) {
    return { for: userId };
  }

  @Get() // either
  @WixPublic()
  @UseGuards(WixAuthGuard, WixOrSessionGuard) // ours first
  list(@WixIdentity.optional() caller?: AnyWixIdentity) {
    return { for: caller?.type ?? 'a session' };
  }
}
