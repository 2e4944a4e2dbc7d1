import type { AnyWixIdentity, WixIdentityType, WixInstanceId } from '../../index.js';

type IdentityOf<Type extends WixIdentityType> = Extract<AnyWixIdentity, { readonly type: Type }>;

/**
 * An identity for tests without an emulator: what `@WixIdentity()` hands to a handler, with ids that are the same in
 * every run. It opens no site and is accepted by no real service.
 *
 * @param type the kind of caller.
 * @param changes what differs, such as `{ isSiteOwner: true }` or `{ vendorProductId: 'pro' }`. @default none
 * @example
 * const owner = fakeWixIdentity('user', { isSiteOwner: true });
 */
export function fakeWixIdentity<Type extends WixIdentityType>(
  type: Type,
  changes: Partial<Omit<IdentityOf<Type>, 'type'>> = {},
): IdentityOf<Type> {
  const identity: AnyWixIdentity = IDENTITIES[type];
  return Object.freeze({ ...identity, ...changes }) as IdentityOf<Type>;
}

const base = {
  appId: 'f4ce0000-0000-4000-8000-000000000001',
  instanceId: 'f4ce0000-0000-4000-8000-000000000002' as WixInstanceId,
  siteId: 'f4ce0000-0000-4000-8000-000000000003',
  credentialType: 'access-token',
  expiresAt: new Date('2100-01-01'),
} as const;

const IDENTITIES: { readonly [Type in WixIdentityType]: IdentityOf<Type> } = {
  app: { ...base, type: 'app' },
  user: { ...base, type: 'user', userId: 'f4ce0000-0000-4000-8000-000000000004', isSiteOwner: false },
  member: { ...base, type: 'member', memberId: 'f4ce0000-0000-4000-8000-000000000005' },
  visitor: { ...base, type: 'visitor', visitorId: 'f4ce0000-0000-4000-8000-000000000006' },
};
