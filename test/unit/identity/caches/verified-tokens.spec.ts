import { inspect } from 'node:util';

import type { AnyWixIdentity } from '../../../../src/core/identities/wix-identity.js';
import { VerifiedTokens } from '../../../../src/identity/caches/verified-tokens.js';
import { APP_ID, INSTANCE, OTHER_INSTANCE } from '../../../support/app.js';
import { accessToken } from '../../../support/credentials.js';

const SIGNATURE = 's'.repeat(43);
const TOKEN = accessToken(1_800_000_000, {}, SIGNATURE);
const SAME_ENDING = accessToken(1_700_000_000, {}, SIGNATURE);

const identityIn = (instanceId = INSTANCE): AnyWixIdentity => ({
  type: 'visitor',
  appId: APP_ID,
  instanceId,
  credentialType: 'access-token',
  expiresAt: new Date(),
});

describe('VerifiedTokens', () => {
  let verified: VerifiedTokens;
  const identity = identityIn();

  beforeEach(() => {
    verified = new VerifiedTokens(100);
  });

  it('finds an identity until its expiry', () => {
    verified.keep(TOKEN, identity, 1_000);

    expect(verified.find(TOKEN, 999)).toBe(identity);
    expect(verified.find(TOKEN, 1_000)).toBeUndefined();
  });

  it('does not confuse another token with the same ending with a known one', () => {
    verified.keep(TOKEN, identity, 1_000);

    expect(SAME_ENDING.slice(-32)).toBe(TOKEN.slice(-32));
    expect(SAME_ENDING).toHaveLength(TOKEN.length);
    expect(verified.find(SAME_ENDING, 0)).toBeUndefined();
    expect(verified.find(TOKEN.slice(1), 0)).toBeUndefined();
    expect(verified.find(TOKEN.slice(-32), 0)).toBeUndefined();
    expect(verified.find('', 0)).toBeUndefined();
  });

  it('stores the later of two with the same ending, and answers only for that', () => {
    const later = identityIn(OTHER_INSTANCE);
    verified.keep(TOKEN, identity, 1_000);
    verified.keep(SAME_ENDING, later, 1_000);

    expect([verified.find(TOKEN, 0), verified.find(SAME_ENDING, 0)]).toEqual([undefined, later]);
  });

  it('distinguishes signed instances with the same ending', () => {
    const signed = (first: string): string => `${first.padEnd(43, 's')}.${'data'.repeat(20)}`;
    verified.keep(signed('a'), identity, 1_000);
    verified.keep(signed('b'), identityIn(OTHER_INSTANCE), 1_000);

    expect(verified.find(signed('a'), 0)).toBe(identity);
    expect(verified.find(signed('b'), 0)?.instanceId).toBe(OTHER_INSTANCE);
    expect(verified.find(signed('c'), 0)).toBeUndefined();
  });

  it('distinguishes signed instances of one site with similar endings', () => {
    const [one, other] = ['a'.repeat(43), 'b'.repeat(43)].map((signature) => `${signature}.the-same-data`);
    verified.keep(one ?? '', identity, 1_000);

    expect([verified.find(one ?? '', 0), verified.find(other ?? '', 0)]).toEqual([identity, undefined]);
  });

  it('distinguishes legacy tokens, though prefix and header are as long as a signature', () => {
    const header = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url');
    const tokens = ['one', 'other'].map((payload) => `OAUTH2.${header}.${payload}.${payload.padEnd(43, payload)}`);
    for (const token of tokens) verified.keep(token, identity, 1_000);

    expect(tokens.map((token) => verified.find(token, 0))).toEqual([identity, identity]);
  });

  it('is not extended by reads', () => {
    verified.keep(TOKEN, identity, 1_000);
    for (let nowMs = 0; nowMs < 1_000; nowMs += 100) verified.find(TOKEN, nowMs);

    expect(verified.find(TOKEN, 1_000)).toBeUndefined();
  });

  it('forgets one installation and no other', () => {
    const tokens = Array.from({ length: 100 }, (_none, index) =>
      accessToken(index, {}, `${String(index)}${SIGNATURE}${String(index)}`),
    );
    tokens.forEach((token, index) =>
      verified.keep(token, identityIn(index % 2 === 0 ? INSTANCE : OTHER_INSTANCE), 1_000),
    );
    verified.forget(INSTANCE);
    const left = tokens.map((token) => verified.find(token, 0)?.instanceId);

    expect(left.filter((instanceId) => instanceId === OTHER_INSTANCE)).toHaveLength(50);
    expect(left.filter((instanceId) => instanceId === undefined)).toHaveLength(50);
  });

  it('holds no more than its limit', () => {
    for (let index = 0; index <= 100; index += 1) {
      verified.keep(String(index).padStart(40, '0'), identity, 1_000);
    }

    expect(verified.find('0'.padStart(40, '0'), 0)).toBeUndefined();
    expect(verified.find('1'.padStart(40, '0'), 0)).toBe(identity);
  });

  it('prints no token', () => {
    verified.keep(TOKEN, identity, 1_000);

    expect(inspect(verified, { depth: 10, showHidden: true })).not.toContain(SIGNATURE.slice(-32));
  });
});
