import { firstValueFrom } from 'rxjs';

import { trustedInstanceId } from '../../../src/core/identities/trusted-instance.js';
import { codeOf } from '../../support/code-of.js';
import { CallingApp, PRODUCTS } from './calling-app.js';
import { fakeWaits, pass, timersRunning } from './fake-waits.js';

describe('The quota of an instance', () => {
  let app: CallingApp;

  fakeWaits();
  beforeEach(async () => {
    app = await CallingApp.start({ requestsPerMinute: 2, timeoutMs: 90_000 });
    await app.tokens.accessTokenFor(app.instance);
  });
  afterEach(() => app.stop());

  const list = (timeout?: number) =>
    firstValueFrom(app.http.asInstance(app.instance).get(PRODUCTS, timeout === undefined ? {} : { timeout }));

  it('makes calls wait for the next minute', async () => {
    await list();
    await list();
    const third = list();
    await timersRunning(3); // the budget, the wait, and the end of the minute for the limiter
    expect(app.wix.count(PRODUCTS)).toBe(2);
    pass(60_000);
    expect(await third).toMatchObject({ status: 200 });
  });

  it('does not make calls wait longer than their time limit', async () => {
    await list();
    await list();
    const third = codeOf(() => list(5_000));
    await timersRunning(3);
    pass(5_000);
    expect(await third).toBe('WIX_UNAVAILABLE');
    expect(app.wix.count(PRODUCTS)).toBe(2);
  });

  it('is counted on behalf of callers as well', async () => {
    const owner = app.verified(app.install.site.owner);
    await firstValueFrom(app.http.onBehalfOf(owner).get(PRODUCTS));
    await list();
    const third = codeOf(() => list(5_000));
    await timersRunning(3);
    pass(5_000);
    expect(await third).toBe('WIX_UNAVAILABLE');
  });

  it('does not affect other instances', async () => {
    await list();
    await list();
    const other = app.wix.install(app.install.app, app.wix.addSite(), { grants: app.install.grants });
    const call = app.http.asInstance(trustedInstanceId(other.instanceId)).get(PRODUCTS);
    expect(await firstValueFrom(call)).toMatchObject({ status: 200 });
  });
});
