import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { wixIdentityOf } from 'nestjs-wix-auth';
import { ClsService } from 'nestjs-cls';
import type { Observable } from 'rxjs';

/** So many requests a minute for each installation; the guard of the throttler stands after ours. */
export const throttledByInstallation = ThrottlerModule.forRoot({
  throttlers: [{ ttl: 60_000, limit: 300 }],
  getTracker: (request) => wixIdentityOf(request)?.instanceId ?? String(request['ip']),
});

/** More for those who pay: as the throttler's `limit`. */
export const limitByPlan = (context: ExecutionContext): number =>
  wixIdentityOf(context)?.vendorProductId === undefined ? 60 : 600;

/** The tenant, for whatever runs for the request. */
@Injectable()
export class TenantInterceptor implements NestInterceptor {
  constructor(private readonly cls: ClsService) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    this.cls.set('instanceId', wixIdentityOf(context)?.instanceId);
    return next.handle();
  }
}
