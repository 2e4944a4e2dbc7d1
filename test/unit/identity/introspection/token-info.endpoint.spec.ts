import { inspect } from 'node:util';

import { jest } from '@jest/globals';

import { TokenInfoEndpoint } from '../../../../src/identity/introspection/token-info.endpoint.js';
import { APP_ID, INSTANCE_TEXT, SITE_ID, USER_ID } from '../../../support/app.js';
import { errorOf } from '../../../support/code-of.js';
import { accessToken } from '../../../support/credentials.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { ScriptedWix, type WireAnswer } from '../../../support/scripted-wix.js';
import { asTexts, tokenInfo } from '../../../support/token-info.js';

const EXP = 1_795_449_600;
const TOKEN = accessToken(EXP);
const PAGE = '<html><body>Forbidden</body></html>';

describe('TokenInfoEndpoint', () => {
  let wix: ScriptedWix;

  const describeToken = async (answer: WireAnswer | string): Promise<unknown> => {
    wix.answers(() => answer);
    return new TokenInfoEndpoint(wix.client(new FakeClock())).describe(TOKEN, {
      lane: 'introspection',
      instanceId: undefined,
    });
  };
  const errorAfter = async (answer: WireAnswer | string): Promise<Error | undefined> => {
    const outcome = errorOf(() => describeToken(answer));
    await jest.advanceTimersByTimeAsync(10_000);
    return outcome;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    wix = new ScriptedWix(() => ({}));
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('puts the token into the body, and sends no credentials of its own', async () => {
    await describeToken({ body: tokenInfo(EXP) });

    expect(wix.requests).toMatchObject([
      { method: 'POST', path: '/oauth2/token-info', body: { token: TOKEN }, authorization: undefined },
    ]);
  });

  it.each([
    ['numbers and booleans', tokenInfo(EXP)],
    ['texts', asTexts(tokenInfo(EXP))],
    ['text for the expiry alone', tokenInfo(EXP, { exp: String(EXP) })],
  ])('reads an answer of %s', async (_how, body) => {
    expect(await describeToken({ body })).toEqual({
      exp: EXP,
      iat: EXP - 14_400,
      subjectType: 'USER',
      subjectId: USER_ID,
      clientId: APP_ID,
      siteId: SITE_ID,
      instanceId: INSTANCE_TEXT,
      vendorProductId: undefined,
    });
  });

  it('reads the plan the site bought; null and empty mean none', async () => {
    const planIn = async (vendorProductId: unknown) =>
      await describeToken({ body: tokenInfo(EXP, { vendorProductId }) });

    expect(await planIn('gold')).toMatchObject({ vendorProductId: 'gold' });
    expect(await planIn(null)).toMatchObject({ vendorProductId: undefined });
    expect(await planIn('')).toMatchObject({ vendorProductId: undefined });
  });

  it('reads null as a missing value', async () => {
    const body = tokenInfo(EXP, { siteId: null, accountId: null });
    expect(await describeToken({ body })).toMatchObject({ exp: EXP, siteId: undefined });
  });

  it('omits what Wix omits', async () => {
    expect(await describeToken({ body: { active: true, exp: EXP } })).toEqual({
      exp: EXP,
      iat: undefined,
      subjectType: undefined,
      subjectId: undefined,
      clientId: undefined,
      siteId: undefined,
      instanceId: undefined,
      vendorProductId: undefined,
    });
  });

  it.each<[string, WireAnswer]>([
    ['active: false', { body: { active: false } }],
    ['active: "false"', { body: { active: 'false' } }],
    ['everything else, but not active', { body: tokenInfo(EXP, { active: false }) }],
    ['400 with a reason', { status: 400, body: { message: 'Invalid token', details: {} } }],
    ['401 with a reason', { status: 401, body: { message: 'Token expired', details: {} } }],
    ['an empty 401', { status: 401 }],
  ])('reads %s as a refusal', async (_how, answer) => {
    expect(await describeToken(answer)).toBe('inactive');
  });

  it.each<[string, WireAnswer | string]>([
    ['{}', { body: {} }],
    ['everything but active', { body: tokenInfo(EXP, { active: undefined }) }],
    ['active: [true]', { body: tokenInfo(EXP, { active: [true] }) }],
    ['active: ["true"]', { body: tokenInfo(EXP, { active: ['true'] }) }],
    ['active: [false]', { body: tokenInfo(EXP, { active: [false] }) }],
    ['active: {}', { body: tokenInfo(EXP, { active: {} }) }],
    ['an expiry beyond all dates', { body: tokenInfo(EXP, { exp: 8.64e12 + 1 }) }],
    ['an expiry beyond all dates, as text', { body: tokenInfo(EXP, { exp: '1e300' }) }],
    ['an instance that is no GUID', { body: tokenInfo(EXP, { instanceId: 'unknown' }) }],
    ['an instance that is a path', { body: tokenInfo(EXP, { instanceId: `${INSTANCE_TEXT}/..` }) }],
    ['HTML', { body: PAGE }],
    ['nothing', {}],
    ['a list', { body: '[true]' }],
    ['active without an expiry', { body: { active: true } }],
    ['active with an expiry that is no number', { body: tokenInfo(EXP, { exp: 'soon' }) }],
    ['active: null', { body: { active: null, exp: EXP } }],
    ['active: 1', { body: { active: 1, exp: EXP } }],
    ['active: "yes"', { body: { active: 'yes', exp: EXP } }],
    ['201', { status: 201, body: tokenInfo(EXP) }],
    ['a page with 400', { status: 400, body: PAGE }],
    ['a page with 401', { status: 401, body: PAGE }],
    ['a page with 403', { status: 403, body: PAGE }],
    ['JSON with 403', { status: 403, body: { message: 'blocked' } }],
    ['a page with 404', { status: 404, body: PAGE }],
    ['an empty 400', { status: 400 }],
    ['an empty 403', { status: 403 }],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.test' } }],
    ['429', { status: 429, body: { message: 'slow down' } }],
    ['500', { status: 500, body: { message: '', details: {} } }],
    ['503', { status: 503, body: PAGE }],
    ['a network failure', 'ECONNREFUSED'],
  ])('fails as unavailable after %s, which is not a refusal', async (_what, answer) => {
    expect(await errorAfter(answer)).toMatchObject({ code: 'WIX_UNAVAILABLE' });
  });

  it('repeats the token in no error, even when Wix echoes it', async () => {
    const error = await errorAfter({ status: 403, body: { message: `token ${TOKEN} is blocked` } });

    expect(inspect(error, { depth: 10 })).not.toContain(TOKEN.slice(0, 40));
  });
});
