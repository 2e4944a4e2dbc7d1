import { Announcements, type AnnouncedWhen } from '../../src/store/announcements.js';

type Hear = (message: string, when: AnnouncedWhen) => void;

/** Announcements within a test, which may read along, repeat, and forge. */
export class ToldAnnouncements extends Announcements {
  readonly told: { readonly channel: string; readonly message: string }[] = [];
  isFailing = false;
  readonly #listeners: { readonly channel: string; readonly hear: Hear }[] = [];

  override publish(channel: string, message: string): Promise<void> {
    if (this.isFailing) return Promise.reject(new Error('nobody hears'));
    this.told.push({ channel, message });
    this.tell(channel, message);
    return Promise.resolve();
  }

  override subscribe(channel: string, hear: Hear): void {
    this.#listeners.push({ channel, hear });
  }

  /** Lets everybody hear a message, as if it had just been published or long ago. */
  tell(channel: string, message: string, when: AnnouncedWhen = 'now'): void {
    for (const listener of this.#listeners) {
      if (listener.channel === channel) listener.hear(message, when);
    }
  }

  /** Lets everybody hear again whatever was told. */
  repeat(when: AnnouncedWhen): void {
    for (const { channel, message } of this.told) this.tell(channel, message, when);
  }
}
