import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';

import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';

import { checkOptions } from '../../../src/options/check-options.js';
import { resolveOptions, settingsOf, type ResolvedWixAuthOptions } from '../../../src/options/wix-auth.options.js';
import { APP_ID, APP_SECRET, OLD_SECRET } from '../../support/app.js';
import { errorOf } from '../../support/code-of.js';

const API_KEY = 'IST.eyJraWQiOiJ4In0.eyJkYXRhIjoie30ifQ.c2lnbmF0dXJl';

// What users write may be anything: JavaScript, a JSON file, an environment.
const resolve = (overrides: object = {}): ResolvedWixAuthOptions => {
  const options = { appId: APP_ID, appSecret: APP_SECRET, ...overrides };
  checkOptions(options);
  return settingsOf(options);
};

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

const PEM = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();

describe('resolveOptions', () => {
  describe('defaults', () => {
    const DEFAULTS = {
      publicKeys: [],
      apiUrl: 'https://www.wixapis.com',
      requestTimeoutMs: 5_000,
      tokens: { leewayMs: 60_000, refreshAheadMs: 300_000 },
      verification: {
        ttlMs: 60_000,
        staleIfErrorMs: 0,
        rejectedTtlMs: 10_000,
        maxEntries: 10_000,
        maxCredentialBytes: 8_192,
        maxRequestsPerSecond: 250,
        maxWaitMs: 10_000,
      },
      signedInstance: { header: undefined, maxAgeMs: 14_400_000 },
      grants: { ttlMs: 300_000, staleIfErrorMs: 0, userRoles: new Map() },
      onBehalfOf: 'exchange',
      calls: { timeoutMs: 30_000, maxResponseBytes: 20_971_520, requestsPerMinute: undefined },
      logging: { routes: 'table' },
    };

    it('are applied', () => {
      expect(resolve()).toMatchObject(DEFAULTS);
    });

    const emptied = (value: unknown): object => ({
      publicKey: value,
      apiUrl: value,
      requestTimeoutMs: value,
      tokens: { leewayMs: value, refreshAheadMs: value },
      verification: {
        ttlMs: value,
        staleIfErrorMs: value,
        rejectedTtlMs: value,
        maxEntries: value,
        maxCredentialBytes: value,
        maxRequestsPerSecond: value,
        maxWaitMs: value,
      },
      signedInstance: { header: value, maxAgeMs: value },
      grants: { ttlMs: value, staleIfErrorMs: value, userRoles: value },
      onBehalfOf: value,
      calls: { timeoutMs: value, maxResponseBytes: value, requestsPerMinute: value },
      cache: value,
    });

    it.each([undefined, null])('apply to %j too', (value) => {
      expect(resolve(emptied(value))).toMatchObject(DEFAULTS);
    });

    it('do not replace given values', () => {
      const given = {
        requestTimeoutMs: 1,
        tokens: { leewayMs: 0, refreshAheadMs: 2 },
        verification: {
          ttlMs: 0,
          rejectedTtlMs: 0,
          maxEntries: 3,
          maxCredentialBytes: 4,
          maxRequestsPerSecond: 5,
          maxWaitMs: 6,
        },
        onBehalfOf: 'forward',
        calls: { timeoutMs: 6, maxResponseBytes: 7, requestsPerMinute: 8 },
      };

      expect(resolve(given)).toMatchObject(given);
    });

    it('are applied to a part that is given only partly', () => {
      expect(resolve({ tokens: { leewayMs: 1 } }).tokens).toEqual({ leewayMs: 1, refreshAheadMs: 300_000 });
    });
  });

  it('does not change its input, and returns a frozen result', () => {
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

    it('may be several: the first is sent, all are accepted', () => {
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
    const STALE_TIMES = ['verification.staleIfErrorMs', 'grants.staleIfErrorMs'];
    const COUNTS = [
      'requestTimeoutMs',
      'verification.maxEntries',
      'verification.maxCredentialBytes',
      'verification.maxRequestsPerSecond',
      'verification.maxWaitMs',
      'signedInstance.maxAgeMs',
      'calls.timeoutMs',
      'calls.maxResponseBytes',
      'calls.requestsPerMinute',
    ];
    const at = (path: string, value: unknown): object =>
      path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;

    it.each([...DURATIONS, ...STALE_TIMES, ...COUNTS])(
      '%s must be a whole number that timers support',
      async (path) => {
        for (const value of [-1, 1.5, NaN, Infinity, 2 ** 31, '5000', true, {}, []]) {
          expect(await problemWith(at(path, value))).toContain(`${path} must be a whole number`);
        }
      },
    );

    it.each(DURATIONS)('%s may be 0', (path) => {
      expect(() => resolve(at(path, 0))).not.toThrow();
    });

    it.each(STALE_TIMES)('%s may be 4 hours and no longer', async (path) => {
      expect(() => resolve(at(path, 14_400_000))).not.toThrow();
      expect(await problemWith(at(path, 14_400_001))).toContain(`${path} must be`);
    });

    it.each(COUNTS)('%s must not be 0', async (path) => {
      expect(await problemWith(at(path, 0))).toContain(`${path} must be`);
    });
  });

  describe('signedInstance', () => {
    it('may be false, which is not the same as undefined', () => {
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

  it.each(['tokens', 'verification', 'grants', 'calls', 'http'])('%s must be an object', async (name) => {
    for (const value of [null, 7, 'text', true, []]) {
      expect(await messageFor({ [name]: value })).toContain(`${name} must be an object.`);
    }
  });

  describe('http.agents', () => {
    it('are used unchanged, even from packages with a class of their own', () => {
      const [http, https] = [new HttpAgent(), { addRequest: () => undefined }];
      const { httpAgent, httpsAgent } = resolve({ http: { agents: { http, https } } }).http.agents();

      expect(httpAgent).toBe(http);
      expect(httpsAgent).toBe(https);
      expect(resolve({ http: { agents: { https: undefined } } }).http.agents()).toEqual({});
    });

    it.each(['http://proxy:3128', [], { https: 'http://proxy:3128' }, { https: {} }, { socks: new HttpAgent() }])(
      'must not be %j',
      async (agents) => {
        expect(await problemWith({ http: { agents } })).toContain('http.agents must hold agents of Node');
      },
    );

    it('show nothing of a proxy when the options are printed', () => {
      const https = Object.assign(new HttpsAgent(), { proxy: new URL('http://user:password-of-proxy@proxy') });
      const printed = inspect(resolve({ http: { agents: { https } } }), { depth: 10, showHidden: true });

      expect(printed).not.toContain('password-of-proxy');
    });
  });

  it.each(['none', true, 7])('onBehalfOf must not be %j', async (onBehalfOf) => {
    expect(await problemWith({ onBehalfOf })).toContain("onBehalfOf must be 'exchange' or 'forward'.");
  });

  it.each([7, 'redis', true, []])('cache must not be %j', async (cache) => {
    expect(await problemWith({ cache })).toContain('cache must be');
  });

  describe('cache', () => {
    it.each<[string, unknown]>([
      ['a store of Keyv', new Keyv()],
      ['stores of Keyv', [new Keyv(), new Keyv({ store: new Map() })]],
      ['what Keyv takes for an adapter', [new Map(), new LRUCache<string, object>({ max: 1 })]],
    ])('may hold %s', (_what, stores) => {
      expect(() => resolve({ cache: { stores, ttl: 1, namespace: 'app', refreshThreshold: 1 } })).not.toThrow();
    });

    it.each<[string, unknown]>([
      ['an address', 'redis://:pass-word@host:6379'],
      ['a list of addresses', ['redis://:pass-word@host:6379']],
      ['an empty list', []],
      ['a client that is no store', [{ get: () => 1, set: () => 1, del: () => 1 }]],
      ['a function that makes one', [() => new Keyv()]],
      ['a store and nothing', [new Keyv(), undefined]],
    ])('must not hold %s', async (_what, stores) => {
      const problem = await problemWith({ cache: { stores } });

      expect(problem).toContain('cache.stores must hold Keyv stores');
      expect(problem).not.toContain('pass-word');
    });

    it('has no other keys, which would silently leave everything in memory', async () => {
      const message = await messageFor({ cache: { store: 'redis', host: 'pass-word', port: 6379 } });

      expect(problemsIn(message)).toEqual([
        expect.stringContaining('cache.store is no option'),
        expect.stringMatching(/cache\.host is no option.*cache\.stores/),
        expect.stringMatching(/cache\.port is no option.*cache\.stores/),
      ]);
      expect(message).not.toContain('pass-word');
    });
  });

  describe('the rule that a secret broke', () => {
    it.each([
      [undefined, 'It is missing.'],
      ['', 'It is empty.'],
      [`${APP_SECRET}\n`, 'It has surrounding spaces or line breaks.'],
      [`"${APP_SECRET}"`, 'It is wrapped in quotes.'],
      [`'${APP_SECRET}'`, 'It is wrapped in quotes.'],
      [API_KEY, 'It is an API key (IST...), which is not for third-party apps.'],
      ['-----BEGIN PUBLIC KEY-----', 'It is a key in PEM format; the public key belongs in publicKey.'],
      [7, 'It is not text.'],
      [[], 'The list is empty.'],
      [[APP_SECRET, ` ${OLD_SECRET}`], 'Number 2 of the list has surrounding spaces or line breaks.'],
    ])('is named for %j', async (appSecret, flaw) => {
      const problem = await problemWith({ appSecret });

      expect(problem).toMatch(/list of them, newest first\. /);
      expect(problem.split('newest first. ')[1]).toBe(flaw);
    });
  });

  it('appSecret must not be the appId pasted twice', async () => {
    expect(await problemWith({ appSecret: APP_ID })).toContain('appSecret is the same as appId');
  });

  describe('together with other options', () => {
    const given = { appId: APP_ID, appSecret: APP_SECRET };
    const problemsWith = async (options: object, extras: object): Promise<string[]> => {
      const error = await errorOf(() => resolveOptions({ ...given, ...options }, extras));
      return problemsIn(error?.message ?? '');
    };

    it('are all named in one message', async () => {
      const problems = await problemsWith(
        { appId: 'x' },
        {
          webhooks: { path: 'a/:b', mode: 'fast', maxBodyBytes: 0, maxDepth: 0 },
          install: { publicUrl: 'x', cookie: 'never' },
        },
      );

      expect(problems.map((problem) => problem.split(' ')[3])).toEqual([
        'appId',
        'webhooks.path',
        'webhooks.mode',
        'webhooks.maxBodyBytes',
        'webhooks.maxDepth',
        'install.publicUrl',
        'install.cookie',
        'publicKey',
      ]);
    });

    it.each(['webhooks', 'install', 'globalGuard', 'isGlobal', 'providers', 'imports'])(
      '%s are told where they belong when the factory returned them',
      async (name) => {
        expect(await problemsWith({ [name]: {} }, {})).toEqual([
          expect.stringContaining(`${name} must stand beside useFactory`),
        ]);
      },
    );

    it.each(['appId', 'cache', 'verification'])('%s is told where it belongs when it stands beside', async (name) => {
      expect(await problemsWith({}, { [name]: {} })).toEqual([
        expect.stringContaining(`${name} must be in the options that useFactory`),
      ]);
    });

    it.each([
      [{ webhooks: true }, 'webhooks must be an object'],
      [{ webhooks: null }, 'webhooks must be an object'],
      [{ install: 'https://app.test' }, 'install must be an object'],
      [{ webhooks: { decorators: 'none' } }, 'webhooks.decorators must be a list'],
      [{ webhooks: { retries: 1 } }, 'webhooks.retries is no option'],
      [{ globalGuard: 'false' }, 'globalGuard must be true or false'],
      [{ isGlobal: 1 }, 'isGlobal must be true or false'],
      [{ providers: {} }, 'providers must be a list'],
      [{ globalguard: true }, 'globalguard is no option of WixAuthModule: did you mean globalGuard?'],
    ])('refuse %j', async (extras, problem) => {
      expect((await problemsWith({ publicKey: PEM }, extras))[0]).toContain(problem);
    });

    it('take a public URL from a function, once', async () => {
      let calls = 0;
      const publicUrl = () => `https://app.test/${String((calls += 1))}/`;
      expect((await resolveOptions(given, { install: { publicUrl } })).publicUrl).toBe('https://app.test/1');
    });

    it('say why such a function failed', async () => {
      const publicUrl = () => {
        throw new Error('PUBLIC_URL is not set');
      };
      expect(await problemsWith({}, { install: { publicUrl } })).toEqual([
        expect.stringContaining('PUBLIC_URL is not set'),
      ]);
    });
  });

  describe('its message', () => {
    it('names unknown options, including nested ones', async () => {
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
        http: { agents: 'http://proxy:3128' },
        unknown: 1,
      });

      expect(problemsIn(message)).toHaveLength(14);
      expect(message).toContain('14 problems');
    });

    it.each([undefined, null, {}, 'text', [], 7])('says what is needed when the options are %j', async (options) => {
      const error = await errorOf(() => resolveOptions(options as never));

      expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
      expect(error?.message).toContain('appId must be');
      expect(error?.message).toContain('appSecret must be');
    });

    it('shows no value of a secret, wherever it was set', async () => {
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
