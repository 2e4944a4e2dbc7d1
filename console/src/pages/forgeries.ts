/** The ways in which something signed by Wix can be wrong, as options of a choice. */
export const FORGERIES: readonly (readonly [value: string, title: string])[] = [
  ['', 'nothing'],
  ['another-key', 'signed with another key'],
  ['alg-none', 'not signed (alg none)'],
  ['hs256', 'signed with HS256'],
  ['stale', 'four days old'],
  ['expired', 'expired'],
  ['future', 'from the future'],
  ['another-app', 'for another app'],
  ['another-issuer', 'from another issuer'],
];
