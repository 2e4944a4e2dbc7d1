import type { AuthEvents } from '../../core/auth-events.js';
import { failureReason } from '../../core/failure-reason.js';
import type { EventQueue } from '../../store/event-queue.js';
import type { VerifiedEvent } from '../events/verified-events.js';
import type { SealedEvents } from './sealed-events.js';

/** The parts that storing uses. */
export interface StoringParts {
  readonly queue: EventQueue;
  readonly sealed: SealedEvents;
  readonly events: AuthEvents;
}

/** Stores received events in the queue. A queue that fails is reported, never thrown. */
export class EventStoring {
  readonly #parts: StoringParts;
  #failures = 0;

  constructor(parts: StoringParts) {
    this.#parts = parts;
  }

  /** Whether the event is stored. */
  async store(signedText: string, { event, key }: VerifiedEvent): Promise<boolean> {
    const { queue, sealed } = this.#parts;
    try {
      await queue.add(sealed.seal(signedText, key, event.instanceId));
      this.#succeeded();
      return true;
    } catch (error) {
      this.#failures += 1;
      this.#parts.events.emit('queueFailed', { reason: failureReason(error), storing: true });
      return false;
    }
  }

  #succeeded(): void {
    if (this.#failures > 0) this.#parts.events.emit('queueRecovered', { failures: this.#failures });
    this.#failures = 0;
  }
}
