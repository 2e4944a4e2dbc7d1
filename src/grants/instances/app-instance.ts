import type { WixGrants } from '../wix-grants.js';
import type { WixInstance } from './wix-instance.js';

/** What a site pays for the app; without a name, it is the free plan. */
export interface SitePlan {
  readonly name: string | undefined;
}

/** What one answer of Get App Instance says. */
export interface AppInstance {
  /** What the site granted the app. */
  readonly grants: WixGrants;
  /** The plan of the site. Absent when the answer did not name the installation. */
  readonly plan: SitePlan | undefined;
  /** All of it. Absent as well when another process asked: only grants and plan are shared. */
  readonly instance: WixInstance | undefined;
}
