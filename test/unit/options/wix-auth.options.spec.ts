import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';

import { resolveOptions, type ResolvedWixAuthOptions } from '../../../src/options/wix-auth.options.js';
import { APP_ID, APP_SECRET, OLD_SECRET } from '../../support/app.js';
import { errorOf } from '../../support/code-of.js';

const API_KEY = 'IST.eyJraWQiOiJ4In0.eyJkYXRhIjoie30ifQ.c2lnbmF0dXJl';

// What users write may be anything: JavaScript, a JSON file, an environment.
const resolve = (overrides: object = {}): ResolvedWixAuthOptions =>
  resolveOptions({ appId: APP_ID, appSecret: APP_SECRET, ...overrides });

async function messageFor(overrides: object): Promise<string> {
  const error = await errorOf(() => resolve(overrides));
  expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
  return error?.message ?? '';
}
const problemsIn = (message: string): string[] => message.split('\n').filter((line) => line.startsWith('  - '));

/** The problem a setting causes, when it is the only one. */
async function problemWith(overrides: object): Promise<string> {
  const problems = problemsIn(await messageFor(overrides));
  expect(problems).toHaveLength(1);
  return problems[0] ?? '';
}

describe('resolveOptions', () => {
  describe('defaults', () => {
    const DEFAULTS = {
      publicKeys: [],
      apiUrl: 'https://www.wixapis.com',
      requestTimeoutMs: 5_000,
      tokens: { leewayMs: 60_000, refreshAheadMs: 300_000 },
      verification: {
        ttlMs: 60_000,
        rejectedTtlMs: 10_000,
        maxEntries: 10_000,
        maxCredentialBytes: 8_192,
        maxRequestsPerSecond: 250,
      },
      signedInstance: { header: undefined, maxAgeMs: 14_400_000 },
      grants: { ttlMs: 300_000, userRoles: new Map() },
      onBehalfOf: 'exchange',
      calls: { timeoutMs: 30_000, maxResponseBytes: 20_971_520, requestsPerMinute: undefined },
    };

    it('are filled in', () => {
      expect(resolve()).toMatchObject(DEFAULTS);
    });

    const emptied = (value: unknown): object => ({
      publicKey: value,
      apiUrl: value,
      requestTimeoutMs: value,
      tokens: { leewayMs: value, refreshAheadMs: value },
      verification: {
        ttlMs: value,
        rejectedTtlMs: value,
        maxEntries: value,
        maxCredentialBytes: value,
        maxRequestsPerSecond: value,
      },
      signedInstance: { header: value, maxAgeMs: value },
      grants: { ttlMs: value, userRoles: value },
      onBehalfOf: value,
      calls: { timeoutMs: value, maxResponseBytes: value, requestsPerMinute: value },
      cache: value,
    });

    it.each([undefined, null])('are meant by %j too', (value) => {
      expect(resolve(emptied(value))).toMatchObject(DEFAULTS);
    });

    it('leave what is given', () => {
      const given = {
        requestTimeoutMs: 1,
        tokens: { leewayMs: 0, refreshAheadMs: 2 },
        verification: { ttlMs: 0, rejectedTtlMs: 0, maxEntries: 3, maxCredentialBytes: 4, maxRequestsPerSecond: 5 },
        onBehalfOf: 'forward',
        calls: { timeoutMs: 6, maxResponseBytes: 7, requestsPerMinute: 8 },
      };

      expect(resolve(given)).toMatchObject(given);
    });

    it('are filled into a part of which only some is given', () => {
      expect(resolve({ tokens: { leewayMs: 1 } }).tokens).toEqual({ leewayMs: 1, refreshAheadMs: 300_000 });
    });
  });

  it('does not change what it was given, and cannot be changed itself', () => {
    const given = Object.freeze({ tokens: Object.freeze({ leewayMs: 1 }), grants: Object.freeze({}) });

    expect(Object.isFrozen(resolve(given))).toBe(true);
  });

  it('prints no secret once resolved', () => {
    const printed = inspect(resolve({ appSecret: [APP_SECRET, OLD_SECRET] }), { depth: 10, showHidden: true });

    expect(printed).not.toContain(APP_SECRET);
    expect(printed).not.toContain(OLD_SECRET);
  });

  describe('appId', () => {
    it.each([undefined, null, '', 'my-app', ` ${APP_ID}`, APP_ID.slice(1), [APP_ID], 7])(
      'must be a GUID, not %j',
      async (appId) => {
        expect(await problemWith({ appId })).toContain('appId must be');
      },
    );

    it('may be written in upper case', () => {
      expect(resolve({ appId: APP_ID.toUpperCase() }).app.appId).toBe(APP_ID.toUpperCase());
    });
  });

  describe('appSecret', () => {
    it.each([
      undefined,
      null,
      '',
      ' ',
      `${APP_SECRET}\n`,
      API_KEY,
      [],
      [APP_SECRET, ''],
      [APP_SECRET, API_KEY],
      [7],
      7,
      {},
    ])('must be one or more secrets, not %j', async (appSecret) => {
      expect(await problemWith({ appSecret })).toContain('appSecret must be');
    });

    it('may be several: the first is sent, all are kept', () => {
      const { app } = resolve({ appSecret: [APP_SECRET, OLD_SECRET] });

      expect(app.revealSecret()).toBe(APP_SECRET);
      expect(app.secretKeys).toHaveLength(2);
    });
  });

  describe('publicKey', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
    const pem = pemOf(rsa.publicKey);
    const inOneLine = pem.trim().replaceAll('\n', '\\n');
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

    it.each([
      ['PEM', pem],
      ['PEM without its last line break', pem.trim()],
      ['PEM with Windows line breaks', pem.replaceAll('\n', '\r\n')],
      ['PEM with literal \\n', inOneLine],
      ['base64 of the PEM', base64(pem)],
      ['base64 of the PEM with literal \\n', base64(inOneLine)],
      ['an older form of PEM', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ])('may be %s', (_how, publicKey) => {
      expect(resolve({ publicKey }).publicKeys.map(pemOf)).toEqual([pem]);
    });

    it('may be several', () => {
      expect(resolve({ publicKey: [pem, base64(pem)] }).publicKeys).toHaveLength(2);
    });

    it.each<[string, unknown]>([
      ['empty', ''],
      ['no key', 'no key'],
      ['half a key', pem.slice(0, 100)],
      ['an empty list', []],
      ['a list with one that is none', [pem, 'no key']],
      ['a number', 7],
      ['a private key', privatePem],
      ['a private key in base64', base64(privatePem)],
      ['a key of another kind', pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ])('must not be %s', async (_what, publicKey) => {
      const problem = await problemWith({ publicKey });

      expect(problem).toContain('publicKey must be');
      expect(problem).not.toContain('MII');
    });
  });

  describe('apiUrl', () => {
    it.each([
      ['https://wix.test/', 'https://wix.test'],
      ['https://wix.test/below//', 'https://wix.test/below'],
      ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
      ['http://localhost:3000/', 'http://localhost:3000'],
      ['http://[::1]:3000', 'http://[::1]:3000'],
    ])('may be %j', (apiUrl, resolved) => {
      expect(resolve({ apiUrl }).apiUrl).toBe(resolved);
    });

    it.each([
      'http://www.wixapis.com',
      'http://127.0.0.1.evil.test',
      'http://localhost.evil.test',
      'http://0.0.0.0',
      'http://10.0.0.1',
      'ftp://127.0.0.1',
      'www.wixapis.com',
      '',
      'https://user:pass-word@wix.test',
      'https://:pass-word@wix.test',
      'https://wix.test?key=pass-word',
      'https://wix.test#part',
      7,
    ])('must not be %j', async (apiUrl) => {
      const problem = await problemWith({ apiUrl });

      expect(problem).toContain('apiUrl must be');
      expect(problem).not.toContain('pass-word');
    });
  });

  describe('times and counts', () => {
    const DURATIONS = [
      'tokens.leewayMs',
      'tokens.refreshAheadMs',
      'verification.ttlMs',
      'verification.rejectedTtlMs',
      'grants.ttlMs',
    ];
    const COUNTS = [
      'requestTimeoutMs',
      'verification.maxEntries',
      'verification.maxCredentialBytes',
      'verification.maxRequestsPerSecond',
      'signedInstance.maxAgeMs',
      'calls.timeoutMs',
      'calls.maxResponseBytes',
      'calls.requestsPerMinute',
    ];
    const at = (path: string, value: unknown): object =>
      path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;

    it.each([...DURATIONS, ...COUNTS])('%s must be a whole number that timers can bear', async (path) => {
      for (const value of [-1, 1.5, NaN, Infinity, 2 ** 31, '5000', true, {}, []]) {
        expect(await problemWith(at(path, value))).toContain(`${path} must be a whole number`);
      }
    });

    it.each(DURATIONS)('%s may be 0', (path) => {
      expect(() => resolve(at(path, 0))).not.toThrow();
    });

    it.each(COUNTS)('%s must not be 0', async (path) => {
      expect(await problemWith(at(path, 0))).toContain(`${path} must be`);
    });
  });

  describe('signedInstance', () => {
    it('may be false, which is not the same as nothing', () => {
      expect(resolve({ signedInstance: false }).signedInstance).toBe(false);
      expect(resolve({ signedInstance: undefined }).signedInstance).not.toBe(false);
    });

    it('may name a header, in any casing', () => {
      expect(resolve({ signedInstance: { header: 'X-Wix-Instance' } }).signedInstance).toMatchObject({
        header: 'x-wix-instance',
      });
    });

    it.each(['', 'two words', 'x:y', 'Authorization', 'authorization', 7, ['x-wix-instance']])(
      'must not name %j as a header',
      async (header) => {
        expect(await problemWith({ signedInstance: { header } })).toContain('signedInstance.header must be');
      },
    );

    it.each([true, null, 'x-wix-instance', 7, []])('must not be %j', async (signedInstance) => {
      expect(await messageFor({ signedInstance })).toContain('signedInstance must be false or an object.');
    });
  });

  describe('grants.userRoles', () => {
    it('maps roles to everything, to scopes, or to nothing', () => {
      const { userRoles } = resolve({ grants: { userRoles: { admin: '*', editor: ['SCOPE.A'], guest: [] } } }).grants;

      expect([...userRoles]).toEqual([
        ['admin', '*'],
        ['editor', ['SCOPE.A']],
        ['guest', []],
      ]);
    });

    it.each([
      'admin',
      ['*'],
      7,
      { editor: 'SCOPE.A' },
      { editor: ['SCOPE.A', ''] },
      { editor: ['SCOPE.A', 7] },
      { editor: ['*'] },
      { editor: null },
      { editor: true },
    ])('must not be %j', async (userRoles) => {
      expect(await problemWith({ grants: { userRoles } })).toContain('grants.userRoles must map');
    });
  });

  it.each(['tokens', 'verification', 'grants', 'calls'])('%s must be an object', async (name) => {
    for (const value of [null, 7, 'text', true, []]) {
      expect(await messageFor({ [name]: value })).toContain(`${name} must be an object.`);
    }
  });

  it.each(['none', true, 7])('onBehalfOf must not be %j', async (onBehalfOf) => {
    expect(await problemWith({ onBehalfOf })).toContain("onBehalfOf must be 'exchange' or 'forward'.");
  });

  it.each([7, 'redis', true, []])('cache must not be %j', async (cache) => {
    expect(await problemWith({ cache })).toContain('cache must be');
  });

  it('leaves the options of the cache to the cache', () => {
    expect(() => resolve({ cache: { stores: [new Map()], ttl: 1, anything: 'else' } })).not.toThrow();
  });

  describe('its message', () => {
    it('names options that do not exist, also inside others', async () => {
      const message = await messageFor({ appKey: 'x', tokens: { leeway: 1 }, verification: { ttl: 1 } });

      expect(problemsIn(message)).toHaveLength(3);
      for (const name of ['appKey', 'tokens.leeway', 'verification.ttl']) {
        expect(message).toContain(`${name} is no option of WixAuthModule`);
      }
    });

    it('lists every problem at once', async () => {
      const message = await messageFor({
        appId: 'x',
        appSecret: '',
        publicKey: 'x',
        apiUrl: 'http://foreign.test',
        requestTimeoutMs: -1,
        tokens: { leewayMs: -1, refreshAheadMs: -1 },
        verification: { maxEntries: 0 },
        signedInstance: { header: '' },
        grants: { ttlMs: -1, userRoles: [] },
        onBehalfOf: 'x',
        unknown: 1,
      });

      expect(problemsIn(message)).toHaveLength(13);
      expect(message).toContain('13 problems');
    });

    it.each([undefined, null, {}, 'text', [], 7])('says what is needed when the options are %j', async (options) => {
      const error = await errorOf(() => resolveOptions(options as never));

      expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
      expect(error?.message).toContain('appId must be');
      expect(error?.message).toContain('appSecret must be');
    });

    it('shows no value of a secret, wherever it was put', async () => {
      const misplaced = {
        appId: APP_SECRET.slice(1),
        appSecret: [API_KEY, `${OLD_SECRET} `],
        publicKey: APP_SECRET,
        apiUrl: `http://foreign.test/${APP_SECRET}`,
        requestTimeoutMs: APP_SECRET,
        tokens: APP_SECRET,
        signedInstance: { header: APP_SECRET.repeat(2).concat(':') },
        grants: { userRoles: { [APP_SECRET]: 7 } },
        onBehalfOf: APP_SECRET,
        secret: APP_SECRET,
      };
      const printed = inspect(await errorOf(() => resolve(misplaced)), { depth: 10, showHidden: true });

      for (const secret of [APP_SECRET.slice(1), OLD_SECRET, API_KEY]) expect(printed).not.toContain(secret);
    });
  });
});
