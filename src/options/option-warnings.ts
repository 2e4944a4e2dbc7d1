import { doubtAbout } from '../grants/scopes/scope-catalogue.js';
import type { ResolvedWixAuthOptions } from './wix-auth.options.js';

/** Likely mistakes in valid options. */
export const optionWarnings = ({ grants }: Pick<ResolvedWixAuthOptions, 'grants'>): readonly string[] =>
  [...grants.userRoles].flatMap(([role, scopes]) =>
    (scopes === '*' ? [] : scopes)
      .map(doubtAbout)
      .filter((doubt) => doubt !== undefined)
      .map((doubt) => `grants.userRoles maps ${role} to a scope that may not exist: ${doubt}`),
  );
