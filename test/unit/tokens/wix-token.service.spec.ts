import { inspect } from 'node:util';

import type { KnownInstances } from '../../../src/core/identities/known-instances.js';
import type { PresentedTokens } from '../../../src/core/identities/presented-tokens.js';
import type { AnyWixIdentity, WixUserIdentity } from '../../../src/core/identities/wix-identity.js';
import { trustedInstanceId } from '../../../src/core/identities/trusted-instance.js';
import { TokenEndpoint } from '../../../src/tokens/token.endpoint.js';
import type { WixTokenService } from '../../../src/tokens/wix-token.service.js';
import {
  APP_ID,
  APP_SECRET,
  INSTANCE,
  OTHER_TRUSTED_INSTANCE,
  TRUSTED_INSTANCE,
  USER_ID,
  app,
} from '../../support/app.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { accessToken } from '../../support/credentials.js';
import { turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MapTokenStore } from '../../support/map-token-store.js';
import { ScriptedWix } from '../../support/scripted-wix.js';
import { tokensFrom } from '../../support/tokens-from.js';

const HOUR_MS = 3_600_000;

describe('WixTokenService', () => {
  let clock: FakeClock;
  let wix: ScriptedWix;
  let presented: PresentedTokens;
  let known: KnownInstances;
  let store: MapTokenStore;
  let tokens: WixTokenService;

  const serviceWith = (onBehalfOf: 'exchange' | 'forward'): WixTokenService => {
    const made = tokensFrom(new TokenEndpoint(wix.client(clock), app(), clock), store, clock, onBehalfOf);
    ({ presented, known } = made);
    return made.tokens;
  };

  const user = (overrides: Partial<WixUserIdentity> = {}): WixUserIdentity => ({
    type: 'user',
    appId: APP_ID,
    instanceId: INSTANCE,
    credentialType: 'access-token',
    expiresAt: new Date(clock.nowMs() + HOUR_MS),
    userId: USER_ID,
    isSiteOwner: false,
    ...overrides,
  });

  const verified = <Identity extends AnyWixIdentity>(identity: Identity, signature?: string): Identity => {
    presented.remember(identity, accessToken(clock.nowS() + 3_600, {}, signature));
    return identity;
  };

  beforeEach(() => {
    clock = new FakeClock();
    store = new MapTokenStore();
    wix = new ScriptedWix(() => ({
      body: { access_token: `token ${String(wix.requests.length)}`, expires_in: 14_400 },
    }));
    tokens = serviceWith('exchange');
  });

  describe('accessTokenFor', () => {
    it('accepts a verified identity, until its credential expires', async () => {
      const caller = known.add(user());
      expect((await tokens.accessTokenFor(caller)).value).toBe('token 1');
      clock.advance(HOUR_MS);
      expect(await codeOf(() => tokens.accessTokenFor(caller))).toBe('WIX_IDENTITY_EXPIRED');
    });

    it.each<[string, (caller: WixUserIdentity) => unknown]>([
      ['its id', ({ instanceId }) => instanceId],
      ['a text', () => String(INSTANCE)],
      ['a copy of it', (caller) => ({ ...caller })],
      ['its JSON', (caller) => JSON.parse(JSON.stringify(caller)) as unknown],
      ['an heir of it', (caller) => Object.create(caller) as unknown],
      ['a promise of it', (caller) => Promise.resolve(caller)],
      ['a list of it', (caller) => [caller]],
      ['nothing', () => undefined],
      ['null', () => null],
      ['a number', () => 7],
    ])('refuses %s in place of an identity, without a request to Wix', async (_what, forged) => {
      const rejected = tokens.accessTokenFor(forged(known.add(user())) as never);
      expect(await codeOf(() => rejected)).toBe('WIX_INSTANCE_NOT_TRUSTED');
      expect(wix.requests).toEqual([]);
    });

    it('asks Wix once for a thousand callers of one instance', async () => {
      const all = await Promise.all(Array.from({ length: 1_000 }, () => tokens.accessTokenFor(TRUSTED_INSTANCE)));

      expect(new Set(all).size).toBe(1);
      expect(wix.requests).toHaveLength(1);
    });

    it('asks once for each of a thousand instances', async () => {
      const instances = Array.from({ length: 1_000 }, (_none, index) =>
        INSTANCE.replace('1111', String(index).padStart(4, '0')),
      );
      const all = await Promise.all(instances.map((instance) => tokens.accessTokenFor(trustedInstanceId(instance))));

      expect(new Set(all.map(({ value }) => value)).size).toBe(1_000);
      expect(wix.requests.map(({ body }) => body['instance_id'])).toEqual(instances);
    });

    it('returns the same cached token afterwards, without a request', async () => {
      const first = await tokens.accessTokenFor(TRUSTED_INSTANCE);

      expect(await tokens.accessTokenFor(TRUSTED_INSTANCE)).toBe(first);
      expect(await tokens.accessTokenFor(TRUSTED_INSTANCE, {})).toBe(first);
      expect(wix.requests).toHaveLength(1);
    });

    it('passes on the options of its caller', async () => {
      await tokens.accessTokenFor(TRUSTED_INSTANCE);

      expect(await tokens.accessTokenFor(TRUSTED_INSTANCE, { forceRefresh: true })).toMatchObject({ value: 'token 2' });
      clock.advance(3 * HOUR_MS);
      expect(await tokens.accessTokenFor(TRUSTED_INSTANCE, { minValidityMs: 2 * HOUR_MS })).toMatchObject({
        value: 'token 3',
      });
    });

    it('renews ahead of the expiry while it returns the cached token', async () => {
      await tokens.accessTokenFor(TRUSTED_INSTANCE);
      clock.advance(4 * HOUR_MS - 300_000);

      expect(await tokens.accessTokenFor(TRUSTED_INSTANCE)).toMatchObject({ value: 'token 1' });
      await turns();
      expect(wix.requests).toHaveLength(2);
    });

    it('forgets what it caches for one instance, and for no other', async () => {
      await tokens.accessTokenFor(TRUSTED_INSTANCE);
      await tokens.accessTokenFor(OTHER_TRUSTED_INSTANCE);
      await tokens.forget(INSTANCE);

      expect(await tokens.accessTokenFor(TRUSTED_INSTANCE)).toMatchObject({ value: 'token 3' });
      expect(await tokens.accessTokenFor(OTHER_TRUSTED_INSTANCE)).toMatchObject({ value: 'token 2' });
    });

    it('does not let one removed site stop the others', async () => {
      wix.answers(({ body }) =>
        body['instance_id'] === INSTANCE
          ? { status: 404, body: { message: 'App instance not found' } }
          : { body: { access_token: 'good', expires_in: 14_400 } },
      );

      expect(await codeOf(() => tokens.accessTokenFor(TRUSTED_INSTANCE))).toBe('WIX_INSTANCE_UNKNOWN');
      expect(await codeOf(() => tokens.accessTokenFor(TRUSTED_INSTANCE))).toBe('WIX_INSTANCE_UNKNOWN');
      expect(await tokens.accessTokenFor(OTHER_TRUSTED_INSTANCE)).toMatchObject({ value: 'good' });
      expect(wix.requests).toHaveLength(2);
    });
  });

  describe('invalidate', () => {
    it('causes one new token when a hundred callers failed with the same one', async () => {
      const old = await tokens.accessTokenFor(TRUSTED_INSTANCE);
      const renewed = await Promise.all(
        Array.from({ length: 100 }, async () => {
          await tokens.invalidate(old);
          return tokens.accessTokenFor(TRUSTED_INSTANCE);
        }),
      );

      expect(new Set(renewed.map(({ value }) => value))).toEqual(new Set(['token 2']));
      expect(wix.requests).toHaveLength(2);
    });

    it("drops a caller's exchanged token too", async () => {
      const identity = verified(user());
      await tokens.invalidate(await tokens.onBehalfOf(identity));

      expect(await tokens.onBehalfOf(identity)).toMatchObject({ value: 'token 2' });
    });
  });

  describe('onBehalfOf', () => {
    it("exchanges the caller's token, once for all concurrent callers", async () => {
      const identity = verified(user());
      const all = await Promise.all(Array.from({ length: 50 }, () => tokens.onBehalfOf(identity)));

      expect(new Set(all.map(({ value }) => value))).toEqual(new Set(['token 1']));
      expect(wix.requests.map(({ body }) => [body['grant_type'], body['access_token']])).toEqual([
        ['strip_bound_session', presented.of(identity)],
      ]);
    });

    it('never mixes up two callers of one site', async () => {
      const [one, other] = [verified(user(), 'b25l'), verified(user(), 'b3RoZXI')];

      expect((await tokens.onBehalfOf(one)).value).not.toBe((await tokens.onBehalfOf(other)).value);
    });

    it('forwards the token unchanged where the options say so', async () => {
      tokens = serviceWith('forward');
      const identity = verified(user());
      const token = await tokens.onBehalfOf(identity);

      expect(token).toMatchObject({ value: presented.of(identity), expiresAt: identity.expiresAt });
      expect(wix.requests).toHaveLength(0);
    });

    it.each(['exchange', 'forward'] as const)('is refused after the credential has expired (%s)', async (how) => {
      tokens = serviceWith(how);
      const identity = verified(user());
      clock.advance(HOUR_MS);

      expect(await codeOf(() => tokens.onBehalfOf(identity))).toBe('WIX_IDENTITY_EXPIRED');
    });

    it('returns no exchanged token after its original credential has expired', async () => {
      const identity = verified(user());
      await tokens.onBehalfOf(identity);
      clock.advance(HOUR_MS);

      expect(await codeOf(() => tokens.onBehalfOf(identity))).toBe('WIX_IDENTITY_EXPIRED');
    });

    it.each<[string, () => AnyWixIdentity]>([
      ['an identity that was not verified', () => user()],
      ['one made by a signed instance', () => user({ credentialType: 'signed-instance' })],
      ['a copy of a verified one', () => ({ ...verified(user()) })],
      ['the app itself', () => verified({ ...user(), type: 'app' })],
    ])('is refused for %s', async (_what, make) => {
      expect(await codeOf(() => tokens.onBehalfOf(make()))).toBe('WIX_ON_BEHALF_UNAVAILABLE');
      expect(wix.requests).toHaveLength(0);
    });

    it("stores neither the caller's token nor the exchanged one in readable form", async () => {
      const identity = verified(user());
      await tokens.onBehalfOf(identity);

      expect(store.entries.size).toBe(1);
      expect(store.dump).not.toContain('token 1');
      expect(store.dump).not.toContain(presented.of(identity));
    });
  });

  it('prints no credential, neither itself nor in an error', async () => {
    const identity = verified(user());
    await Promise.all([tokens.accessTokenFor(TRUSTED_INSTANCE), tokens.onBehalfOf(identity)]);
    wix.answers(({ body }) => ({
      status: 400,
      body: { error: 'invalid_grant', error_description: JSON.stringify(body) },
    }));
    const error = await errorOf(() => tokens.onBehalfOf(verified(user(), 'b3RoZXI')));
    const printed = inspect([tokens, error], { depth: 10, showHidden: true });

    for (const credential of [APP_SECRET, 'token 1', 'token 2', presented.of(identity)]) {
      expect(printed).not.toContain(credential);
    }
  });
});
