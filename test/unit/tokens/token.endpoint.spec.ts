import { inspect } from 'node:util';

import { jest } from '@jest/globals';

import type { WixAccessToken } from '../../../src/tokens/wix-access-token.js';
import { TokenEndpoint } from '../../../src/tokens/token.endpoint.js';
import { APP_ID, APP_SECRET, INSTANCE, INSTANCE_TEXT, OLD_SECRET, app } from '../../support/app.js';
import { errorOf } from '../../support/code-of.js';
import { accessToken } from '../../support/credentials.js';
import { FakeClock } from '../../support/fake-clock.js';
import { ScriptedWix, type WireAnswer } from '../../support/scripted-wix.js';

const MINTED = 'OauthNG.JWS.minted.minted.minted';
const PRESENTED = accessToken(1_800_000_000);
const HTML = '<html><body>Something went wrong</body></html>';

const WRAPPED = (status: number, body: object | string): WireAnswer => ({ body: { statusCode: status, body } });

describe('TokenEndpoint', () => {
  const clock = new FakeClock();
  let wix: ScriptedWix;
  let endpoint: TokenEndpoint;

  beforeEach(() => {
    jest.useFakeTimers();
    wix = new ScriptedWix(() => ({ body: { access_token: MINTED, token_type: 'Bearer', expires_in: 14_400 } }));
    endpoint = new TokenEndpoint(wix.client(clock), app(APP_SECRET, OLD_SECRET), clock);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const lifetimeOf = (token: WixAccessToken): number => token.expiresAt.getTime() - clock.nowMs();

  const errorAfter = async (answer: WireAnswer | string, work = () => endpoint.mint(INSTANCE)): Promise<Error> => {
    wix.answers(() => answer);
    const outcome = errorOf(work);
    await jest.advanceTimersByTimeAsync(10_000);
    return (await outcome) ?? new Error('there was none');
  };

  describe('minting', () => {
    it('requests client credentials, with the newest secret, for one instance', async () => {
      const token = await endpoint.mint(INSTANCE);

      expect([token.value, lifetimeOf(token)]).toEqual([MINTED, 14_400_000]);
      expect(wix.requests).toMatchObject([{ method: 'POST', path: '/oauth2/token', authorization: undefined }]);
      expect(wix.requests[0]?.body).toEqual({
        grant_type: 'client_credentials',
        client_id: APP_ID,
        client_secret: APP_SECRET,
        instance_id: INSTANCE_TEXT,
      });
    });

    it.each<[string, WireAnswer]>([
      ['camelCase', { body: { accessToken: MINTED, expiresIn: 900 } }],
      ['an expiry as text', { body: { access_token: MINTED, expires_in: '900' } }],
      ['a wrapped object', WRAPPED(200, { access_token: MINTED, expires_in: 900 })],
      ['a wrapped text', WRAPPED(200, JSON.stringify({ access_token: MINTED, expires_in: 900 }))],
      ['a wrapped camelCase text', WRAPPED(200, JSON.stringify({ accessToken: MINTED, expiresIn: '900' }))],
    ])('reads %s', async (_what, answer) => {
      wix.answers(() => answer);
      const token = await endpoint.mint(INSTANCE);

      expect([token.value, lifetimeOf(token)]).toEqual([MINTED, 900_000]);
    });

    it.each([undefined, null, 0, -1, 'soon', '', NaN, 1e12, {}, true])(
      'uses a token without a sensible expires_in (%j) for five minutes',
      async (expiresIn) => {
        wix.answers(() => ({ body: { access_token: MINTED, expires_in: expiresIn } }));

        expect(lifetimeOf(await endpoint.mint(INSTANCE))).toBe(300_000);
      },
    );
  });

  describe('a refusal to mint', () => {
    it.each<[string, WireAnswer]>([
      ['401', { status: 401, body: { error: 'invalid_client' } }],
      ['400', { status: 400, body: { error: 'invalid_client', error_description: 'unknown client' } }],
      [
        'the other envelope',
        { status: 400, body: { message: 'no', details: { applicationError: { code: 'invalid_client' } } } },
      ],
      [
        'the other envelope, in its own spelling',
        { status: 400, body: { message: 'no', details: { applicationError: { code: 'INVALID_CLIENT' } } } },
      ],
      [
        'both envelopes at once',
        { status: 401, body: { error: 'x', details: { applicationError: { code: 'INVALID_CLIENT' } } } },
      ],
      ['a wrapper', WRAPPED(401, { error: 'invalid_client' })],
      ['a wrapper around the other', WRAPPED(401, { details: { applicationError: { code: 'INVALID_CLIENT' } } })],
    ])('as invalid_client (%s) is about the app', async (_how, answer) => {
      expect(await errorAfter(answer)).toMatchObject({ code: 'WIX_APP_REFUSED' });
    });

    it.each<[string, WireAnswer]>([
      ['404', { status: 404, body: { message: 'app was not found in any meta-site', details: {} } }],
      ['404 without a text', { status: 404, body: {} }],
      ['400 App instance not found', { status: 400, body: { message: 'App instance not found' } }],
      ['401 App instance not found', { status: 401, body: { message: 'App instance not found' } }],
      [
        'the OAuth envelope',
        { status: 400, body: { error: 'invalid_grant', error_description: 'instance was not found' } },
      ],
      ['a wrapper', WRAPPED(404, JSON.stringify({ message: 'App instance not found' }))],
    ])('for an unknown instance (%s) is about that instance', async (_how, answer) => {
      const error = await errorAfter({ ...answer, headers: { 'x-wix-request-id': '17.4' } });

      expect(error).toMatchObject({ code: 'WIX_INSTANCE_UNKNOWN', requestId: '17.4' });
      expect(error.message).toContain(INSTANCE_TEXT);
    });

    it.each<[string, WireAnswer | string]>([
      ['invalid_request', { status: 400, body: { error: 'invalid_request' } }],
      ['unauthorized_client', { status: 401, body: { error: 'unauthorized_client' } }],
      ['a plain 401', { status: 401, body: { message: '', details: {} } }],
      ['a 403 page', { status: 403, body: HTML }],
      ['a 404 page', { status: 404, body: HTML }],
      ['an empty 401', { status: 401 }],
      ['200 with HTML', { body: HTML }],
      ['200 without a body', {}],
      ['200 with {}', { body: {} }],
      ['200 with a token that is none', { body: { access_token: { value: MINTED } } }],
      ['200 with an empty token', { body: { access_token: '' } }],
      ['a wrapped 500', WRAPPED(500, { message: '' })],
      ['429', { status: 429 }],
      ['500', { status: 500, body: { message: '', details: {} } }],
      ['a network failure', 'ECONNRESET'],
    ])('with %s is about neither app nor instance', async (_how, answer) => {
      expect(await errorAfter(answer)).toMatchObject({ code: 'WIX_UNAVAILABLE' });
    });

    it.each([400, 401, 404, 500])('never repeats the secret that an answer of %d echoes', async (status) => {
      const echo = { message: `instance not found ${APP_SECRET}`, error: `bad ${APP_SECRET}` };

      expect(inspect(await errorAfter({ status, body: echo }), { depth: 10 })).not.toContain(APP_SECRET);
    });
  });

  describe('exchanging the token of a caller', () => {
    const unbind = (): Promise<WixAccessToken> => endpoint.unbind(INSTANCE, PRESENTED);

    it("requests strip_bound_session, as Wix's SDK does", async () => {
      const token = await unbind();

      expect([token.value, lifetimeOf(token)]).toEqual([MINTED, 14_400_000]);
      expect(wix.requests[0]?.body).toEqual({
        grant_type: 'strip_bound_session',
        client_secret: APP_SECRET,
        access_token: PRESENTED,
      });
    });

    it.each<[string, WireAnswer]>([
      ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }],
      ['401', { status: 401, body: { message: 'unauthenticated' } }],
      ['an unknown grant', { status: 400, body: { error: 'unsupported_grant_type' } }],
    ])('fails for that token alone after %s', async (_how, answer) => {
      expect(await errorAfter(answer, unbind)).toMatchObject({ code: 'WIX_ON_BEHALF_UNAVAILABLE' });
    });

    it('blames the app when Wix does', async () => {
      const error = await errorAfter({ status: 401, body: { error: 'invalid_client' } }, unbind);

      expect(error).toMatchObject({ code: 'WIX_APP_REFUSED' });
    });

    it.each<[string, WireAnswer]>([
      ['a page', { status: 403, body: HTML }],
      ['{}', { body: {} }],
      ['500', { status: 500 }],
    ])('fails as unavailable after %s', async (_how, answer) => {
      expect(await errorAfter(answer, unbind)).toMatchObject({ code: 'WIX_UNAVAILABLE' });
    });

    it("prints neither the caller's token nor the secret", async () => {
      const echo = { status: 400, body: { error: PRESENTED, error_description: `${PRESENTED} ${APP_SECRET}` } };
      const printed = inspect(await errorAfter(echo, unbind), { depth: 10 });

      expect(printed).not.toContain(PRESENTED.slice(0, 40));
      expect(printed).not.toContain(APP_SECRET);
    });
  });
});
