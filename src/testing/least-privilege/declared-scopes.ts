import type { WixRoute } from '../../index.js';

/** The scopes that a route declares: each alone, or a group of which one is enough. */
export const declaredBy = ({ scopes, anyScopes, reportedScopes }: WixRoute): readonly (readonly string[])[] => [
  ...[...scopes, ...reportedScopes].map((scope) => [scope]),
  ...anyScopes,
];
