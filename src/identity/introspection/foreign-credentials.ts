import type { AppCredentials } from '../../core/app-credentials.js';
import type { AuthEvents } from '../../core/auth-events.js';
import { isGuid } from '../../core/identities/wix-instance-id.js';

/** Tells the operator of the first credential that names another app: with a wrong `appId`, all of them do. */
export class ForeignCredentials {
  readonly #app: AppCredentials;
  readonly #events: AuthEvents;
  #isReported = false;

  constructor(app: AppCredentials, events: AuthEvents) {
    this.#app = app;
    this.#events = events;
  }

  /** @param appId - The app that the credential names, unverified. */
  report(appId: string | undefined): void {
    if (this.#isReported || appId === undefined || !isGuid(appId)) return;
    this.#isReported = true;
    // Where the two are swapped, the id that is named is what was configured as the secret.
    const looksSwapped = this.#app.isSecret(appId) || this.#app.isSecret(appId.toLowerCase());
    this.#events.emit('foreignCredential', looksSwapped ? { looksSwapped } : { looksSwapped, namedAppId: appId });
  }
}
