import { inspect } from 'node:util';

import { jest } from '@jest/globals';

import { SystemClock } from '../../../src/core/clock.js';
import type { WixAnswer } from '../../../src/http/wix-answer.js';
import type { ControlRequest } from '../../../src/http/wix-control.client.js';
import { APP_SECRET } from '../../support/app.js';
import { errorOf } from '../../support/code-of.js';
import { accessToken } from '../../support/credentials.js';
import { ScriptedWix, type Script, type WireAnswer } from '../../support/scripted-wix.js';

const TOKEN = accessToken(1_800_000_000);
const QUESTION: ControlRequest = {
  method: 'POST',
  path: '/oauth2/token',
  body: { client_secret: APP_SECRET },
  token: TOKEN,
  repeatable: true,
  lane: 'control',
};
const GOOD: WireAnswer = { body: { good: true } };

describe('WixControlClient', () => {
  let wix: ScriptedWix;

  const send = (request: Partial<ControlRequest> = {}): Promise<WixAnswer> =>
    wix.client(new SystemClock()).send({ ...QUESTION, ...request });

  /** Asks, lets all waiting pass, and tells how it ended. */
  const outcomeOf = async (request: Partial<ControlRequest> = {}): Promise<Error | undefined> => {
    const outcome = errorOf(() => send(request));
    await jest.advanceTimersByTimeAsync(60_000);
    return outcome;
  };

  /** Answers in turn, the last one from then on. */
  const inTurn = (...answers: (WireAnswer | string)[]): Script => {
    let turn = 0;
    return () => answers[Math.min(turn++, answers.length - 1)] ?? GOOD;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    wix = new ScriptedWix(() => GOOD);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('sends JSON below the API, and a token as it is, without Bearer', async () => {
    await send();

    expect(wix.requests).toMatchObject([
      { method: 'POST', path: '/oauth2/token', body: { client_secret: APP_SECRET }, authorization: TOKEN },
    ]);
  });

  it('sends neither body nor Authorization where there is none', async () => {
    await wix.client(new SystemClock()).send({ method: 'GET', path: '/apps', repeatable: true, lane: 'control' });

    expect(wix.requests).toMatchObject([{ method: 'GET', path: '/apps', body: {}, authorization: undefined }]);
  });

  it.each([200, 204, 400, 401, 403, 404, 409, 422, 428])('passes an answer of %d to its reader', async (status) => {
    wix.answers(() => ({ status, body: { status }, headers: { 'x-wix-request-id': '17.4' } }));

    expect(await send()).toEqual({ status, body: { status }, isEmpty: false, requestId: '17.4' });
    expect(wix.requests).toHaveLength(1);
  });

  it.each([100, 301, 307, 408, 429, 500, 502, 503, 504])(
    'fails as unavailable after %d, with the request id',
    async (status) => {
      wix.answers(() => ({ status, headers: { 'x-wix-request-id': '17.4' } }));

      expect(await outcomeOf()).toMatchObject({ code: 'WIX_UNAVAILABLE', requestId: '17.4' });
    },
  );

  describe('retrying', () => {
    it.each(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN'])('recovers from %s', async (code) => {
      wix.answers(inTurn(code, GOOD));

      expect(await outcomeOf()).toBeUndefined();
      expect(wix.requests).toHaveLength(2);
    });

    it.each([429, 500, 503])('recovers from %d', async (status) => {
      wix.answers(inTurn({ status }, { status }, GOOD));

      expect(await outcomeOf()).toBeUndefined();
      expect(wix.requests).toHaveLength(3);
    });

    it('ends after three more attempts', async () => {
      wix.answers(() => ({ status: 500 }));

      expect(await outcomeOf()).toMatchObject({ code: 'WIX_UNAVAILABLE' });
      expect(wix.requests).toHaveLength(4);
    });

    it.each(['ECONNRESET', { status: 500 }, { status: 429 }])(
      'is not done for requests that must not be repeated (%j)',
      async (a) => {
        wix.answers(() => a);

        expect(await outcomeOf({ repeatable: false })).toMatchObject({ code: 'WIX_UNAVAILABLE' });
        expect(wix.requests).toHaveLength(1);
      },
    );

    it('waits as long as Retry-After says, when that is within the budget', async () => {
      wix.answers(inTurn({ status: 429, headers: { 'retry-after': '3' } }, GOOD));
      const answer = send();

      await jest.advanceTimersByTimeAsync(2_999);
      expect(wix.requests).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(1);
      expect(await answer).toMatchObject({ status: 200 });
    });

    it('is left to the caller when Retry-After is beyond the budget', async () => {
      wix.answers(() => ({ status: 429, headers: { 'retry-after': '60' } }));
      const error = await errorOf(() => send());

      expect(error).toMatchObject({ code: 'WIX_UNAVAILABLE', retryAfterMs: 60_000 });
      expect(wix.requests).toHaveLength(1);
    });

    it('waits a random time within a growing window otherwise', async () => {
      jest.spyOn(Math, 'random').mockReturnValue(0.5);
      wix.answers(() => ({ status: 503 }));
      const outcome = errorOf(() => send());
      const sentAfter = async (ms: number): Promise<number> => {
        await jest.advanceTimersByTimeAsync(ms);
        return wix.requests.length;
      };

      expect([await sentAfter(99), await sentAfter(1)]).toEqual([1, 2]);
      expect([await sentAfter(199), await sentAfter(1)]).toEqual([2, 3]);
      expect([await sentAfter(399), await sentAfter(1)]).toEqual([3, 4]);
      expect(await outcome).toMatchObject({ code: 'WIX_UNAVAILABLE' });
    });
  });

  describe('the time budget', () => {
    const hang = (): Promise<WireAnswer> => new Promise(() => undefined);

    it('ends a hanging request exactly at its end, and cancels it', async () => {
      wix.answers(hang);
      let error: Error | undefined;
      void errorOf(() => send()).then((failure) => (error = failure));

      await jest.advanceTimersByTimeAsync(4_999);
      expect(error).toBeUndefined();
      await jest.advanceTimersByTimeAsync(1);
      expect(error).toMatchObject({ code: 'WIX_UNAVAILABLE' });
      expect(wix.requests[0]?.config.cancelToken?.reason).toBeDefined();
    });

    it('covers all attempts together', async () => {
      wix.answers(
        (() => {
          const answers = [Promise.resolve({ status: 503, headers: { 'retry-after': '3' } }), hang()];
          return () => answers.shift() ?? GOOD;
        })(),
      );
      let error: Error | undefined;
      void errorOf(() => send()).then((failure) => (error = failure));
      await jest.advanceTimersByTimeAsync(5_000);

      expect(error).toMatchObject({ code: 'WIX_UNAVAILABLE' });
      expect(wix.requests).toHaveLength(2);
    });

    it('leaves no timer behind', async () => {
      await send();

      expect(jest.getTimerCount()).toBe(0);
    });
  });

  describe('its errors', () => {
    it.each<[string, Script]>([
      ['a network failure', () => 'ECONNRESET'],
      [
        'a server error that echoes',
        ({ body }) => ({ status: 500, body: { message: `${TOKEN} ${String(body['client_secret'])}` } }),
      ],
      ['an HTML page that echoes', () => ({ status: 502, body: `<html>${TOKEN} ${APP_SECRET}</html>` })],
      [
        'an id that is a credential',
        () => ({ status: 500, headers: { 'x-wix-request-id': `${TOKEN} ${APP_SECRET}` } }),
      ],
      ['silence', () => new Promise(() => undefined)],
      ['a failure whose code is a credential', () => `${TOKEN} ${APP_SECRET}`],
    ])('prints no credential after %s', async (_what, script) => {
      wix.answers(script);
      const error = await outcomeOf();
      const printed = [inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), String(error)].join();

      expect(error).toMatchObject({ code: 'WIX_UNAVAILABLE' });
      expect(printed).not.toContain(APP_SECRET);
      expect(printed).not.toContain(TOKEN.slice(0, 40));
    });

    it('include the underlying failure only as its code', async () => {
      wix.answers(() => 'ECONNRESET');
      const error = await outcomeOf();

      expect(error?.message).toContain('ECONNRESET');
      expect(Object.keys(error?.cause ?? {})).toEqual([]);
    });
  });
});
