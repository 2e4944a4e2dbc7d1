import { InvalidationBus, type PublishedWhen } from '../../src/store/invalidation-bus.js';

type InvalidationListener = (message: string, when: PublishedWhen) => void;

/** InvalidationBus within a test, which may read along, repeat, and forge. */
export class RecordingInvalidationBus extends InvalidationBus {
  readonly told: { readonly channel: string; readonly message: string }[] = [];
  isFailing = false;
  readonly #listeners: { readonly channel: string; readonly listener: InvalidationListener }[] = [];

  override publish(channel: string, message: string): Promise<void> {
    if (this.isFailing) return Promise.reject(new Error('nobody hears'));
    this.told.push({ channel, message });
    this.tell(channel, message);
    return Promise.resolve();
  }

  override subscribe(channel: string, listener: InvalidationListener): void {
    this.#listeners.push({ channel, listener });
  }

  /** Lets everybody hear a message, as if it had just been published or long ago. */
  tell(channel: string, message: string, when: PublishedWhen = 'now'): void {
    for (const listener of this.#listeners) {
      if (listener.channel === channel) listener.listener(message, when);
    }
  }

  /** Lets everybody hear again whatever was told. */
  repeat(when: PublishedWhen): void {
    for (const { channel, message } of this.told) this.tell(channel, message, when);
  }
}
