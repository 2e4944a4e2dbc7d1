import { ValidationPipe, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { InMemoryRefreshTokenStore, RefreshTokenStore, WixClock } from 'nestjs-wix-auth';
import { useWixEmulator, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { AppModule } from '../src/app.module.js';
import { CATALOG_MANAGER_ROLE, MANAGE_CONTRIBUTORS, MANAGE_PRODUCTS, READ_PRODUCTS } from '../src/scopes.js';

/** The time of the application and of the emulated Wix. It moves when a test says so. */
export class TestClock extends WixClock {
  #now = Date.now();

  override nowMs(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** The application with its guards on, and the emulated Wix it calls. */
export interface TestApp {
  readonly wix: WixEmulator;
  readonly app: EmulatedApp;
  readonly clock: TestClock;
  readonly nest: INestApplication;
  readonly url: string;
  /** A site that has the app, with a user whose role may manage products. */
  install(grants?: readonly string[]): EmulatedInstall;
  call(path: string, token: string, body?: object): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
}

export async function startTestApp(): Promise<TestApp> {
  const clock = new TestClock();
  const wix = await WixEmulator.start({ now: () => clock.nowMs() });
  const app = wix.addApp({ scopes: [READ_PRODUCTS, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS] });
  const builder = useWixEmulator(Test.createTestingModule({ imports: [AppModule] }), wix, app, {
    grants: { userRoles: { [CATALOG_MANAGER_ROLE]: [MANAGE_PRODUCTS] } },
  });
  const module = await builder
    .overrideProvider(WixClock)
    .useValue(clock)
    .overrideProvider(RefreshTokenStore)
    .useValue(new InMemoryRefreshTokenStore())
    .compile();
  const nest = module.createNestApplication({ logger: false });
  nest.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
  await nest.listen(0);
  const url = await nest.getUrl();

  return {
    wix,
    app,
    clock,
    nest,
    url,
    install: (grants = [READ_PRODUCTS, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS]) =>
      wix.install(app, wix.addSite(), { grants: [...grants] }),
    async call(path, token, body) {
      const response = await fetch(url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: token, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    async close() {
      await nest.close();
      await wix.stop();
    },
  };
}
