import {
  idIn,
  trustedIdIn,
  trustedInstanceId,
  type TrustedInstance,
} from '../../../../src/core/identities/trusted-instance.js';
import { INSTANCE, INSTANCE_TEXT, app } from '../../../support/app.js';
import { codeOf } from '../../../support/code-of.js';
import { signedInstance } from '../../../support/credentials.js';

describe('trustedInstanceId', () => {
  it('accepts a GUID in any casing and normalizes it', () => {
    expect(trustedIdIn(trustedInstanceId(INSTANCE_TEXT.toUpperCase()))).toBe(INSTANCE_TEXT);
  });

  it.each(['', 'aaaa', `${INSTANCE_TEXT} `, `${INSTANCE_TEXT}\n`, signedInstance(app().revealSecret(), {})])(
    'refuses %j',
    async (text) => {
      expect(await codeOf(() => trustedInstanceId(text))).toBe('WIX_MISCONFIGURED');
    },
  );

  it.each([undefined, null, 7, {}, [INSTANCE_TEXT], trustedInstanceId(INSTANCE_TEXT)])(
    'refuses %p, even if the compiler allowed it',
    async (value) => {
      expect(await codeOf(() => trustedInstanceId(value as never))).toBe('WIX_MISCONFIGURED');
    },
  );

  it.each<[string, (trusted: TrustedInstance) => object]>([
    ['a spread', (trusted) => ({ ...trusted })],
    ['assigning', (trusted) => Object.assign({}, trusted)],
    ['JSON', (trusted) => JSON.parse(JSON.stringify(trusted)) as object],
    ['a structured clone', (trusted) => structuredClone(trusted)],
    ['JSON with the name of the mark', () => JSON.parse('{"nestjs-wix-auth/trusted-instance@1":"x"}') as object],
  ])('does not make a trusted id of what %s makes of it', (_how, copyOf) => {
    expect(trustedIdIn(copyOf(trustedInstanceId(INSTANCE_TEXT)))).toBeUndefined();
  });

  it('trusts an id permanently', () => {
    const trusted = trustedInstanceId(INSTANCE_TEXT);
    for (const key of Reflect.ownKeys(trusted)) expect(Reflect.set(trusted, key, 'another')).toBe(false);
    expect(Reflect.set(trusted, 'instanceId', 'another')).toBe(false);
    expect(trustedIdIn(trusted)).toBe(INSTANCE_TEXT);
  });

  it('is recognized by other copies of the package', () => {
    const mark = Symbol.for('nestjs-wix-auth/trusted-instance@1');
    expect(Reflect.ownKeys(trustedInstanceId(INSTANCE_TEXT))).toEqual([mark]);
    const ofAnotherCopy: object = { [mark]: INSTANCE_TEXT };
    expect(trustedIdIn(ofAnotherCopy)).toBe(INSTANCE_TEXT);
  });

  it('may be forgotten in either form', () => {
    expect([idIn(INSTANCE), idIn(trustedInstanceId(INSTANCE_TEXT))]).toEqual([INSTANCE, INSTANCE]);
  });
});
