import { Controller, Get, Injectable, UseGuards } from '@nestjs/common';
import {
  OnWixEvent,
  WixAuthGuard,
  WixClock,
  WixIdentity,
  WixTokenService,
  trustedInstanceId,
  type AnyWixIdentity,
  type WixEvent,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { siteWith } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

const DAY_MS = 86_400_000;

@Controller()
class MovingController {
  constructor(private readonly tokens: WixTokenService) {}

  @Get('earlier')
  @UseGuards(WixAuthGuard)
  earlier(@WixIdentity() { expiresAt }: AnyWixIdentity) {
    return { movedTo: expiresAt.setTime(0) };
  }

  @Get('later')
  @UseGuards(WixAuthGuard)
  later(@WixIdentity() { expiresAt }: AnyWixIdentity) {
    return { movedTo: expiresAt.setTime(expiresAt.getTime() + DAY_MS) };
  }

  @Get('act')
  @UseGuards(WixAuthGuard)
  async act(@WixIdentity() caller: AnyWixIdentity) {
    await this.tokens.accessTokenFor(caller);
    return { expiresAt: caller.expiresAt };
  }
}

@Injectable()
class MovingHandlers {
  readonly seen: number[] = [];

  @OnWixEvent('AppInstalled')
  first({ issuedAt }: WixEvent): void {
    this.seen.push(issuedAt.getTime());
    issuedAt.setTime(0);
  }

  @OnWixEvent('AppInstalled')
  second({ issuedAt }: WixEvent): void {
    this.seen.push(issuedAt.getTime());
    issuedAt.setTime(0);
  }
}

describe.each(platforms)('A date that a handler changes, on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    const providers = [{ provide: WixClock, useValue: clock }];
    running = await startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, app, { webhooks: {}, providers })],
      controllers: [MovingController],
      providers: [MovingHandlers],
    });
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (path: string, token: string) => call(`${running.url}/${path}`, token);

  it.each(['visitorToken', 'signedInstance'] as const)('neither shortens nor extends %s for others', async (kind) => {
    const site = siteWith(wix, app);
    const token =
      kind === 'signedInstance'
        ? wix.mint.signedInstance(site.install, { user: site.site.owner })
        : site.visitorToken();
    const { body: before } = await get('act', token);
    expect(await get('earlier', token)).toMatchObject({ status: 200, body: { movedTo: 0 } });
    expect(await get('act', token)).toMatchObject({ status: 200, body: before });

    expect(await get('later', token)).toMatchObject({ status: 200 });
    clock.advance(4 * 3_600_000 + 60_000);
    expect(await get('act', token)).toMatchObject({ status: 401, body: { code: 'WIX_CREDENTIALS_EXPIRED' } });
  });

  it('does not change it for another handler of the event', async () => {
    const { install } = siteWith(wix, app);
    const { seen } = running.app.get(MovingHandlers);
    await wix.send.webhook(install, `${running.url}/wix/webhooks`, { type: 'AppInstalled' }, { retries: 0 }).first;
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
    expect(seen[0]).toBeGreaterThan(0);
  });

  it('does not change the expiry of the token that others get', async () => {
    const tokens = running.app.get(WixTokenService);
    const trusted = trustedInstanceId(siteWith(wix, app).install.instanceId);
    const first = await tokens.accessTokenFor(trusted);
    const expiry = first.expiresAt.getTime();
    first.expiresAt.setTime(0);
    const second = await tokens.accessTokenFor(trusted);
    expect([second === first, second.expiresAt.getTime()]).toEqual([true, expiry]);
  });
});
