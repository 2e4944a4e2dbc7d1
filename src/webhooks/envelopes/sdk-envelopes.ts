import { deepFrozen } from '../../core/values/deep-frozen.js';
import type { JsonObject } from '../../core/values/json.js';
import type { KnownInstances } from '../../core/identities/known-instances.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { WixEventDefinition } from './event-definition.js';
import { sdkEnvelopeIn } from './sdk-envelope.js';

interface Event {
  readonly type: string;
  readonly instanceId: WixInstanceId;
}

/** Makes the envelopes that Wix's SDK would hand over of verified events. */
export class SdkEnvelopes {
  readonly #known: KnownInstances;
  readonly #claims = new WeakMap<Event, JsonObject>();

  constructor(known: KnownInstances) {
    this.#known = known;
  }

  /** Notes which verified claims an event was read from. */
  remember<Read extends Event>(event: Read, claims: JsonObject): Read {
    this.#claims.set(event, claims);
    return event;
  }

  /**
   * The envelope of an event, frozen and for one handler alone. Opens the site as the event does.
   *
   * @throws when the package's transformation fails on what Wix sent.
   */
  of(event: Event, definition: WixEventDefinition): object {
    const envelope = deepFrozen(transformed(this.#claims.get(event) ?? {}, event, definition));
    return this.#known.addAs(envelope, event.instanceId);
  }
}

function transformed(claims: JsonObject, { type }: Event, definition: WixEventDefinition): object {
  try {
    return sdkEnvelopeIn(claims, definition);
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : 'it threw no error';
    throw new Error(`The @wix/* package that defines ${type} could not transform the event (${reason}).`, { cause });
  }
}
