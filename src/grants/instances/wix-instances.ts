import type { WixClock } from '../../core/clock.js';
import { textOf } from '../../core/values/json.js';
import { WixInstanceUnknownError, WixUnavailableError } from '../../core/wix-auth.errors.js';
import { instanceIdFromWix, type WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { describeAnswer, factsOf, type WixAnswer } from '../../http/wix-answer.js';
import type { SharedInvalidations } from '../../store/shared-invalidations.js';
import type { AppRequests } from '../app-requests.js';
import { TtlCache } from '../ttl-cache.js';
import { wixInstanceIn, type WixInstance } from './wix-instance.js';

const FORGOTTEN = 'installations forgotten';

/** What Wix says of installations (Get App Instance, https://dev.wix.com/docs/rest/app-management/app-instance), cached. */
export class WixInstances {
  readonly #requests: AppRequests;
  readonly #invalidations: SharedInvalidations;
  readonly #clock: WixClock;
  readonly #cache: TtlCache<WixInstance>;

  constructor(
    requests: AppRequests,
    invalidations: SharedInvalidations,
    clock: WixClock,
    settings: { readonly ttlMs: number },
  ) {
    this.#requests = requests;
    this.#invalidations = invalidations;
    this.#clock = clock;
    this.#cache = new TtlCache(clock, settings);
    invalidations.on(FORGOTTEN, (body) => this.#cache.forget(instanceIdFromWix(textOf(body, 'instanceId') ?? '')));
  }

  /**
   * What Wix says of an installation; for a while, what it said before.
   *
   * @throws {@link WixInstanceUnknownError} when the app is not installed there.
   * @throws {@link WixUnavailableError} when Wix cannot be asked.
   */
  of(instanceId: WixInstanceId): Promise<WixInstance> {
    return this.#cache.get(instanceId, instanceId, () => this.#load(instanceId));
  }

  /** The same, asked anew. */
  now(instanceId: WixInstanceId): Promise<WixInstance> {
    this.#cache.forget(instanceId);
    return this.#cache.get(instanceId, instanceId, () => this.#load(instanceId), this.#clock.nowMs());
  }

  /** Forgets what is known of an installation: here at once, and in the other processes. */
  async forget(instanceId: WixInstanceId): Promise<void> {
    this.#cache.forget(instanceId);
    await this.#invalidations.publish(FORGOTTEN, { instanceId });
  }

  async #load(instanceId: WixInstanceId): Promise<WixInstance> {
    return instanceToldBy(await this.#requests.get(instanceId, APP_INSTANCE_PATH, describesInstance), instanceId);
  }
}

/** Where Get App Instance is. */
export const APP_INSTANCE_PATH = '/apps/v1/instance';

/**
 * What an answer of Get App Instance says.
 *
 * @throws {@link WixInstanceUnknownError}, {@link WixUnavailableError}
 */
export function instanceToldBy(answer: WixAnswer, instanceId: WixInstanceId): WixInstance {
  const instance = answer.status === 200 && answer.body !== undefined ? wixInstanceIn(answer.body) : undefined;
  // Another installation's would be cached as this one's.
  return instance?.instanceId === instanceId ? instance : raise(answer, instanceId);
}

/** Whether an answer of Get App Instance can be read. */
export const describesInstance = ({ body = {} }: WixAnswer): boolean => wixInstanceIn(body) !== undefined;

function raise(answer: WixAnswer, instanceId: WixInstanceId): never {
  throw answer.status === 404 && answer.body !== undefined
    ? new WixInstanceUnknownError(`Wix knows no installation ${instanceId} of this app.`, answer)
    : new WixUnavailableError(`Wix did not describe the installation (${describeAnswer(answer)}).`, factsOf(answer));
}
