import { Agent } from 'node:http';

import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { siteWith, TOKEN_INFO, type TestSite } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { statusOf, tallyOf } from '../support/many-requests.js';
import { startStore } from '../support/store-app.js';
import type { RunningApp } from '../support/running-app.js';

const CALLERS = 30;
const CONNECTIONS = 500;
const FORGED = 2_400;
// Far less than the default: in a queue without turns the flood would have most callers refused.
const MAX_WAIT_MS = 2_000;
const TO_PASS = 0.95;

/** Requests with invented tokens from many connections, as fast as they are answered, until it is stopped. */
class Flood {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #tokens: string[];
  readonly #workers: Promise<void>;
  #isStopped = false;

  constructor(url: string, tokens: readonly string[]) {
    this.#tokens = [...tokens];
    this.#workers = Promise.all(Array.from({ length: CONNECTIONS }, () => this.#work(url))).then(() => undefined);
  }

  /** Whether there were invented tokens left to the end. */
  get isUnderWay(): boolean {
    return this.#tokens.length > 0;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#tokens.length = 0;
    await this.#workers;
    this.#agent.destroy();
  }

  async #work(url: string): Promise<void> {
    for (let token = this.#tokens.pop(); token !== undefined; token = this.#tokens.pop()) {
      const status = await statusOf(url, { authorization: token }, this.#agent);
      if (status === 503 && !this.#isStopped) this.#tokens.push(token);
    }
  }
}

describe('Many new callers at once', () => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;
  let url: string;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
  });
  const start = async (maxWaitMs?: number): Promise<void> => {
    running = await startStore('express', wix, app, { clock, verification: { maxWaitMs } });
    url = `${running.url}/anyone`;
  };
  afterEach(async () => {
    wix.clearFaults();
    await running.close();
  });
  afterAll(() => wix.stop());

  const sites = (count: number): TestSite[] => Array.from({ length: count }, () => siteWith(wix, app));
  const tokensOf = (of: readonly TestSite[]): string[] => of.map((site) => site.ownerToken());
  /** Invented tokens that name these installations. */
  const forgedFor = (named: readonly TestSite[]): string[] =>
    Array.from({ length: Math.ceil(FORGED / named.length) }, () =>
      named.map(({ install, site }) => wix.mint.userToken(install, site.owner, { forged: true })),
    ).flat();
  const shareServed = async (tokens: readonly string[]): Promise<number> =>
    ((await tallyOf(url, tokens))[200] ?? 0) / tokens.length;

  describe.each<[string, (known: readonly TestSite[]) => readonly TestSite[]]>([
    ['random installations', () => sites(300)],
    ['many known installations', (known) => known],
    ['one known installation', (known) => known.slice(0, 1)],
  ])('in a flood of invented tokens that name %s', (_what, namedFrom) => {
    it('are served when they are from other installations, and so are known ones', async () => {
      await start(MAX_WAIT_MS);
      const others = sites(CALLERS);
      const named = sites(20);
      const known = tokensOf(others);
      expect(await shareServed([...known, ...tokensOf(named)])).toBe(1);
      // From here on those who are known have to be asked about again.
      clock.advance(60_000);
      const forged = forgedFor(namedFrom(named));
      wix.resetLog();
      wix.fail(TOKEN_INFO, { delayMs: 400 });
      const flood = new Flood(url, forged);
      await wix.waitFor(TOKEN_INFO, { times: 48 });

      const [knownShare, newShare] = await Promise.all([shareServed(known), shareServed(tokensOf(others))]);
      expect(flood.isUnderWay).toBe(true);
      await flood.stop();
      expect(knownShare).toBeGreaterThanOrEqual(TO_PASS);
      expect(newShare).toBeGreaterThanOrEqual(TO_PASS);
    });
  });

  it('are all served with the default options: 500 callers, with 400 ms for each request to Wix', async () => {
    await start();
    const known = sites(50);
    expect(await shareServed(tokensOf(known))).toBe(1);
    wix.fail(TOKEN_INFO, { delayMs: 400 });

    expect(await shareServed(Array.from({ length: 10 }, () => tokensOf(known)).flat())).toBe(1);
  });
});
