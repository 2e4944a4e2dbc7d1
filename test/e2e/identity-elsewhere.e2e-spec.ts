import {
  Controller,
  Get,
  HttpException,
  Injectable,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { WixAuthGuard, wixIdentityOf, WixPublic } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { map, type Observable } from 'rxjs';

import { siteWith } from '../support/emulated-site.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

/** Adds what it knows of the caller by the context. */
@Injectable()
class TenantInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map(() => ({ instanceId: wixIdentityOf(context)?.instanceId ?? 'none' })));
  }
}

/** Two requests for each installation, which it knows by the request alone, as throttlers do. */
@Injectable()
class TwoPerTenantGuard implements CanActivate {
  readonly #counts = new Map<string, number>();

  canActivate(context: ExecutionContext): boolean {
    const request: object = context.switchToHttp().getRequest();
    const key = wixIdentityOf(request)?.instanceId ?? 'nobody';
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > 2) throw new HttpException('Too many', 429);
    return true;
  }
}

@Controller()
@UseInterceptors(TenantInterceptor)
class TenantController {
  @Get('tenant')
  @UseGuards(WixAuthGuard, TwoPerTenantGuard)
  tenant() {
    return {};
  }

  @Get('open')
  @WixPublic()
  @UseGuards(WixAuthGuard)
  open() {
    return {};
  }

  @Get('unguarded')
  unguarded() {
    return {};
  }
}

describe.each(platforms)('wixIdentityOf on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;
  const seen: unknown[] = [];

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await startApp(
      platform,
      { imports: [WixAuthTestingModule.forApp(wix, app)], controllers: [TenantController] },
      {
        configure: (nest) =>
          nest.use((request: object, _response: unknown, next: () => void) => {
            seen.push(wixIdentityOf(request));
            next();
          }),
      },
    );
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (path: string, credential?: string) => call(`${running.url}/${path}`, credential);

  it('returns the identity to an interceptor by the context, and to a throttler by the request', async () => {
    const [one, other] = [siteWith(wix, app), siteWith(wix, app)];
    const answers = [];
    for (const site of [one, one, one, other]) answers.push(await get('tenant', site.ownerToken()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
    expect(answers[0]?.body).toEqual({ instanceId: one.install.instanceId });
    expect(answers[3]?.body).toEqual({ instanceId: other.install.instanceId });
  });

  it.each(['open', 'unguarded'])('is undefined where no caller was verified: %s', async (path) => {
    expect((await get(path)).body).toEqual({ instanceId: 'none' });
  });

  it('is undefined in middleware, which runs before guards', () => {
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((identity) => identity !== undefined)).toEqual([]);
  });
});
