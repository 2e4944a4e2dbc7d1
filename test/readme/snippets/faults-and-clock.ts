import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WixClock } from 'nestjs-wix-auth';
import { useWixEmulator, WixEmulator, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { AppModule } from './app.module.js';

class TestClock extends WixClock {
  now = Date.now();

  override nowMs(): number {
    return this.now;
  }
}

describe('the list of products', () => {
  const clock = new TestClock();
  let wix: WixEmulator;
  let nest: INestApplication;
  let install: EmulatedInstall;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.now }); // one clock for Wix and the application
    const app = wix.addApp();
    install = wix.install(app, wix.addSite(), { grants: ['SCOPE.DC-STORES.READ-PRODUCTS'] });
    const builder = Test.createTestingModule({ imports: [AppModule] });
    builder.overrideProvider(WixClock).useValue(clock);
    nest = (await useWixEmulator(builder, wix, app).compile()).createNestApplication();
    await nest.listen(0);
  });

  afterAll(async () => {
    await nest.close();
    await wix.stop();
  });

  const visitor = (): string => wix.mint.visitorToken(install, install.site.addVisitor());

  const statusFor = async (authorization: string): Promise<number> => {
    const { status } = await fetch(`${await nest.getUrl()}/products`, { headers: { authorization } });
    return status;
  };

  it('is returned to known callers while Wix is down, and not to new ones', async () => {
    const known = visitor();
    expect(await statusFor(known)).toBe(200);

    const outage = wix.fail('/oauth2/token-info', { status: 503 });
    expect([await statusFor(known), await statusFor(visitor())]).toEqual([200, 503]);

    outage.clear();
    expect(await statusFor(visitor())).toBe(200);
  });

  it('is refused to a revoked token a minute later', async () => {
    const token = visitor();
    expect(await statusFor(token)).toBe(200);

    wix.revoke(token);
    clock.now += 2 * 60_000;
    expect(await statusFor(token)).toBe(401);
  });
});
