import { WixAuthModule, WixClock, WixIdentityService } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { CapturedLogs } from '../support/captured-logs.js';
import { codeOf } from '../support/code-of.js';
import { TOKEN_INFO } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { startApp, type RunningApp } from '../support/running-app.js';

const TTL_MS = 60_000;
const INSTALLATIONS = 5;

describe('The log', () => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let installs: readonly EmulatedInstall[];
  let logs: CapturedLogs;
  let running: RunningApp;

  beforeEach(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    installs = Array.from({ length: INSTALLATIONS }, () => wix.install(app, wix.addSite()));
    logs = new CapturedLogs();
    const providers = [{ provide: WixClock, useValue: clock }];
    const imports = [WixAuthModule.forRoot({ ...emulatedOptions(wix, app), providers })];
    running = await startApp('express', { imports }, { configure: (one) => one.useLogger(logs) });
    logs.entries.length = 0;
  });

  afterEach(async () => {
    await running.close();
    await wix.stop();
  });

  const tokens = (): readonly string[] => installs.map((install) => wix.mint.userToken(install, install.site.owner));
  const codesOf = async (credentials: readonly string[]): Promise<readonly unknown[]> => {
    const codes: unknown[] = [];
    for (const one of credentials) codes.push(await codeOf(() => running.app.get(WixIdentityService).verify(one)));
    return codes;
  };
  const all = (code: string): readonly string[] => Array.from({ length: INSTALLATIONS }, () => code);
  const lines = (): readonly string[] =>
    logs.entries.map(({ level, message }) => `${level} ${String(message).replace(/id: \S+/, 'id: (its id).')}`);

  it('has one line when an outage begins, and one when it ends', async () => {
    // Too long to be waited for, so it is not asked again within one request.
    const outage = wix.fail(TOKEN_INFO, { status: 503, headers: { 'retry-after': '30' } });
    for (let time = 0; time < 3; time += 1) expect(await codesOf(tokens())).toEqual(all('WIX_UNAVAILABLE'));
    clock.advance(30_000);
    // A probe, and what is refused beside it.
    expect(await codesOf(tokens())).toEqual(all('WIX_UNAVAILABLE'));
    outage.clear();
    clock.advance(60_000);
    expect(await codesOf(tokens())).toEqual(all('none'));

    expect(lines()).toEqual([
      "warn Wix does not answer /oauth2/token-info for new access tokens: Wix cannot be asked right now (HTTP 503). Wix's request id: (its id). Requests are answered 503 until it does.",
      'log Wix answers /oauth2/token-info for new access tokens again, after 90 s; 15 requests were refused meanwhile.',
    ]);
  });

  it('has one line when Wix begins to refuse everything, and one when that ends', async () => {
    const known = [...tokens(), ...tokens()];
    await codesOf(known);
    clock.advance(TTL_MS);
    wix.fail(TOKEN_INFO, { status: 401, body: {} });
    expect(new Set(await codesOf(known))).toEqual(new Set(['WIX_CREDENTIALS_REJECTED']));
    expect(new Set(await codesOf(known))).toEqual(new Set(['WIX_CREDENTIALS_REJECTED']));
    wix.clearFaults();
    clock.advance(10_000);
    expect(await codesOf(tokens())).toEqual(all('none'));

    expect(lines()).toEqual([
      "warn Wix refuses every access token, also those it called good before (HTTP 401). Wix's request id: (its id). Callers are answered 401 until it accepts one. If this lasts, see whether the app is still there in the app dashboard.",
      'log Wix accepts access tokens again, after 10 s; 10 that were good before were refused.',
    ]);
  });

  it('has no line for invented tokens, or for single revoked tokens', async () => {
    const [one = '', ...others] = tokens();
    await codesOf([one, ...others]);
    wix.fail(TOKEN_INFO, { status: 401, body: {} });
    await codesOf([...tokens(), ...tokens(), ...tokens()]);
    wix.clearFaults();
    clock.advance(TTL_MS);
    wix.revoke(one);
    expect(await codesOf([one, ...others])).toEqual(['WIX_CREDENTIALS_REJECTED', ...all('none').slice(1)]);

    expect(lines()).toEqual([]);
  });
});
