import { COPY, thisCopy } from '../../core/marks.js';
import type { WixMemberIdentity, WixUserIdentity, WixVisitorIdentity } from '../../core/identities/wix-identity.js';
import type { WixScope } from '../scopes/wix-scope.js';

/** What a caller holds on the site, apart from what the app holds there. */
export interface WixHeldScopes {
  /** `'*'` for whatever the app holds, or the scopes and permission ids held. */
  readonly scopes: '*' | readonly WixScope[];
  /** What to do if that is less than expected; stands in the refusal. Never a credential. */
  readonly hint?: string;
}

/**
 * What Wix users hold. Wix has no endpoint that lists it, so this is yours to replace: provide a class of your own
 * under this token, for instance on your own table of roles.
 */
export abstract class UserGrants {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /** What one user holds on the site of their identity. Cached for `grants.ttlMs`; requested again before a refusal. */
  abstract of(user: WixUserIdentity): Promise<WixHeldScopes> | WixHeldScopes;
}

/** What members and visitors of a site hold. Nothing, unless you provide a class of your own under this token. */
export abstract class VisitorGrants {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /** What one member or visitor holds. Cached for `grants.ttlMs`; requested again before a refusal. */
  abstract of(caller: WixMemberIdentity | WixVisitorIdentity): Promise<WixHeldScopes> | WixHeldScopes;
}

/** Members and visitors hold nothing: the default. */
export class NoVisitorGrants extends VisitorGrants {
  override of(): WixHeldScopes {
    return {
      scopes: [],
      hint: 'Members and visitors hold no scopes unless you provide VisitorGrants; to act as the app, use @WixInstanceAuth({ allow }).',
    };
  }
}
