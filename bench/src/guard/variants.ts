/** Which credentials the requests carry: always the same token, ten thousand in turn, or a JWT of the app's own. */
export type Traffic = 'hot' | 'rotating' | 'jwt';

/** The servers that are compared, in the order of the table. */
export const variants = {
  none: { label: 'no guard', traffic: 'hot' },
  constant: { label: 'a guard that returns `true`', traffic: 'hot' },
  constantAgain: { label: 'the same once more', traffic: 'hot' },
  ours: { label: '`@WixUserAuth()`, a hot token', traffic: 'hot' },
  oursRedis: { label: '`@WixUserAuth()`, a hot token, Redis as `cache`', traffic: 'hot' },
  oursScoped: { label: '`@WixUserAuth({ scopes })`, a hot token', traffic: 'hot' },
  oursObserved: { label: '`@WixUserAuth()`, a hot token, listened to (`verify`, `decision`)', traffic: 'hot' },
  oursRotating: { label: '`@WixUserAuth()`, 10,000 tokens in rotation', traffic: 'rotating' },
  passport: { label: 'passport-jwt (HS256) as documented', traffic: 'jwt' },
  passportKey: { label: 'passport-jwt (HS256) given a `KeyObject`', traffic: 'jwt' },
  sdk: { label: '`@wix/sdk` `getTokenInfo()` per request', traffic: 'hot' },
} as const satisfies Record<string, { readonly label: string; readonly traffic: Traffic }>;

export type VariantName = keyof typeof variants;

/** Those that are compared to show what Redis costs; they need one. */
export const redisVariants: readonly VariantName[] = ['constant', 'constantAgain', 'ours', 'oursRedis'];

/** Those that need nothing but Wix, in that order. */
export const guardVariants = (Object.keys(variants) as VariantName[]).filter((name) => name !== 'oursRedis');
