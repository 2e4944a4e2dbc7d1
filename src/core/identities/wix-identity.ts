import type { WixInstanceId } from './wix-instance-id.js';

/** What every verified identity carries. Frozen, and never the credential itself. */
export interface WixIdentityBase {
  /** Your app's id: the credential was issued for it. */
  readonly appId: string;
  /** The installation (tenant) the caller belongs to. Key your own data by it. */
  readonly instanceId: WixInstanceId;
  /** The site, when the credential names it; a signed instance seldom does. */
  readonly siteId?: string;
  /**
   * The product id of the plan the site bought, as the credential tells it. Absent when the site uses the free plan or
   * the credential does not tell; as old as the credential.
   */
  readonly vendorProductId?: string;
  /** When the credential was issued: only where it tells a plan, which is as old as that. */
  readonly issuedAt?: Date;
  /** What was presented: an access token, verified by Wix, or a signed instance, verified with the app's secret. */
  readonly credentialType: 'access-token' | 'signed-instance';
  /** When the credential ends. Using the identity afterwards is refused. */
  readonly expiresAt: Date;
}

/** The app itself: one of your own servers, with a token minted by client credentials. */
export interface WixAppIdentity extends WixIdentityBase {
  readonly type: 'app';
}

/** A Wix user: the site's owner or a collaborator, on a dashboard or editor page. */
export interface WixUserIdentity extends WixIdentityBase {
  readonly type: 'user';
  /** The Wix user's id. */
  readonly userId: string;
  /** Whether this user owns the site. `false` also when the credential does not tell. */
  readonly isSiteOwner: boolean;
}

/** A member of the site: a person logged in to the site itself, not to Wix. */
export interface WixMemberIdentity extends WixIdentityBase {
  readonly type: 'member';
  /** The site member's id. */
  readonly memberId: string;
}

/** A visitor of the site who is not logged in. */
export interface WixVisitorIdentity extends WixIdentityBase {
  readonly type: 'visitor';
  /** The anonymous visitor's id; a signed instance may lack it. */
  readonly visitorId?: string;
}

/** Who is calling, told apart by `type`. */
export type AnyWixIdentity = WixAppIdentity | WixUserIdentity | WixMemberIdentity | WixVisitorIdentity;

/** The four kinds of caller. */
export type WixIdentityType = AnyWixIdentity['type'];
