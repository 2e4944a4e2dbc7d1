import { COPY, thisCopy } from '../core/marks.js';
import type { WixInstallAnswer, WixInstallation } from './wix-installation.js';

/** What your app does about installations. Extend it, and provide your class in its place. */
export abstract class WixInstallHooks {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /**
   * Called when an installation has been confirmed, before the browser is sent on. The same installation may come
   * again, after a failure or when the site installs the app anew: running twice must do no harm.
   *
   * What it throws is logged, and the browser is told to try again.
   */
  abstract onInstalled(installation: WixInstallation): Promise<WixInstallAnswer | undefined>;
}

/** Does nothing: the default. */
export class NoInstallHooks extends WixInstallHooks {
  override onInstalled(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
