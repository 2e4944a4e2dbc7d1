import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { WixAccessToken } from './wix-access-token.js';

/** Another way to the app's token on a site than client credentials, asked first. */
export abstract class InstanceTokenSource {
  /**
   * A new token, or `undefined` when client credentials are the way for this installation.
   *
   * @throws {@link WixUnavailableError} when that cannot be told.
   */
  abstract tokenFor(instanceId: WixInstanceId): Promise<WixAccessToken | undefined>;
}

/** Uses client credentials for every installation. */
export class NoInstanceTokenSource extends InstanceTokenSource {
  override tokenFor(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
