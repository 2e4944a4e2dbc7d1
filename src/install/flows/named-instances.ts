import { BoundedCache } from '../../core/bounded-cache.js';
import type { WixClock } from '../../core/clock.js';
import { WixInstanceUnknownError } from '../../core/wix-auth.errors.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { WixInstance } from '../../grants/instances/wix-instance.js';

/** Asks Wix about an installation, over connections of its own. */
export type AskInstance = (instanceId: WixInstanceId) => Promise<WixInstance>;

interface NamedInstance {
  readonly requestedAtMs: number;
  readonly answer: Promise<WixInstance>;
  dropped?: Promise<void>;
}

const ASKED_AGAIN_AFTER_MS = 30_000;
// More than callbacks are let through in that time.
const MAX_ENTRIES = 1_000;

/**
 * What Wix says of installations that a callback names without proof. Anyone can name one: Wix is asked once in thirty
 * seconds about each, other callbacks are answered from that, and what is cached about it is dropped once in that time.
 */
export class NamedInstances {
  readonly #send: AskInstance;
  readonly #drop: (instanceId: WixInstanceId) => Promise<void>;
  readonly #clock: WixClock;
  readonly #named = new BoundedCache<WixInstanceId, NamedInstance>({ max: MAX_ENTRIES });

  constructor(send: AskInstance, drop: (instanceId: WixInstanceId) => Promise<void>, clock: WixClock) {
    this.#send = send;
    this.#drop = drop;
    this.#clock = clock;
  }

  /**
   * What Wix says. `refuse` throws when that is not what the callback claims; then nothing is dropped.
   *
   * @throws {@link WixInstanceUnknownError}, {@link WixUnavailableError}
   */
  async of(instanceId: WixInstanceId, refuse: (told: WixInstance) => void): Promise<WixInstance> {
    const named = this.#known(instanceId) ?? this.#asked(instanceId);
    const told = await named.answer;
    refuse(told);
    await (named.dropped ??= this.#drop(instanceId));
    return told;
  }

  #known(instanceId: WixInstanceId): NamedInstance | undefined {
    const named = this.#named.get(instanceId);
    return named !== undefined && named.requestedAtMs + ASKED_AGAIN_AFTER_MS > this.#clock.nowMs() ? named : undefined;
  }

  #asked(instanceId: WixInstanceId): NamedInstance {
    const named: NamedInstance = { requestedAtMs: this.#clock.nowMs(), answer: this.#send(instanceId) };
    this.#named.set(instanceId, named);
    named.answer.catch((error: unknown) => {
      // "There is none" is an answer. That Wix could not be asked is not.
      if (!(error instanceof WixInstanceUnknownError)) this.#named.delete(instanceId);
    });
    return named;
  }
}
