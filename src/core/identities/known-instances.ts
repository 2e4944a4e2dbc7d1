import type { WixClock } from '../clock.js';
import { trustedIdIn, type TrustedInstance } from './trusted-instance.js';
import { WixIdentityExpiredError, WixInstanceNotTrustedError } from '../wix-auth.errors.js';
import type { AnyWixIdentity } from './wix-identity.js';
import type { WixInstanceId } from './wix-instance-id.js';

/** An event of an installation, as far as it says which one: see `WixEvent`. */
export interface WixInstanceEvent {
  /** The event's type. */
  readonly type: string;
  /** The installation it happened on. */
  readonly instanceId: WixInstanceId;
  /** When Wix signed it. */
  readonly issuedAt: Date;
}

/** An installation that Wix confirmed, as far as it says which one: see `WixInstallation`. */
export interface WixConfirmedInstance {
  /** The installation. */
  readonly instanceId: WixInstanceId;
  /** Whether the browser is the one in which the app was just installed. */
  readonly proven: boolean;
}

/** An event or a service plugin request as Wix's SDK writes it, as far as it says which installation it belongs to. */
export interface WixSdkEnvelope {
  /** What Wix tells beside the contents. */
  readonly metadata: {
    /** The installation, as the SDK's types have it. */
    readonly instanceId?: string | null | undefined;
  };
}

/**
 * What opens a site for the app: an identity, an event, a service plugin request or an installation that this
 * registration of the module made, or a {@link TrustedInstance}. A copy of one (by spread or JSON), and its `instanceId`
 * by itself, open nothing.
 */
export type WixInstanceSource =
  AnyWixIdentity | WixInstanceEvent | WixSdkEnvelope | WixConfirmedInstance | TrustedInstance;

/** What this registration made. Checked at run time, because types cannot rule out `any`. */
export class KnownInstances {
  readonly #clock: WixClock;
  readonly #made = new WeakMap<object, WixInstanceId>();

  constructor(clock: WixClock) {
    this.#clock = clock;
  }

  /**
   * Lets something open the site it names from now on. Call it with what Wix just vouched for and nothing else. Who
   * changes it afterwards does not change which site it opens.
   */
  add<Made extends { readonly instanceId: WixInstanceId }>(made: Made): Made {
    return this.addAs(made, made.instanceId);
  }

  /** Lets something open a site that Wix just vouched for, wherever its id stands in it. */
  addAs<Made extends object>(made: Made, instanceId: WixInstanceId): Made {
    this.#made.set(made, instanceId);
    return made;
  }

  /**
   * The installation that something opens.
   *
   * @throws {@link WixInstanceNotTrustedError} when it was not made here and your code did not vouch for it.
   */
  idOf(source: WixInstanceSource): WixInstanceId {
    // Whatever its type, this may be text or JSON from a request.
    const given: unknown = source;
    const id = typeof given === 'object' && given !== null ? this.#idIn(given) : undefined;
    if (id !== undefined) return id;
    throw new WixInstanceNotTrustedError(
      'Only an identity, an event or an installation that this registration of WixAuthModule made opens a site, not a ' +
        'plain id, a copy, or something that looks like one. Vouch for an id from a place you trust, such as your own ' +
        'database, with trustedInstanceId(). Never call it with something a request brought along.',
    );
  }

  /**
   * The same, for use now.
   *
   * @throws {@link WixIdentityExpiredError} when it is an identity whose credential has expired.
   */
  currentIdOf(source: WixInstanceSource): WixInstanceId {
    const id = this.idOf(source);
    if (!('expiresAt' in source) || source.expiresAt.getTime() > this.#clock.nowMs()) return id;
    throw new WixIdentityExpiredError('The credential of this identity has expired since it was verified.');
  }

  #idIn(given: object): WixInstanceId | undefined {
    return this.#made.get(given) ?? trustedIdIn(given);
  }
}
