import type { KeyObject } from 'node:crypto';

import type { AppCredentials } from '../../core/app-credentials.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { QueuedEvent } from '../../store/event-queue.js';
import { entryKey, seal, unseal } from '../../store/sealer.js';

/** Entries of a queue: the text that Wix signed, encrypted, under names that reveal nothing. */
export class SealedEvents {
  readonly #secrets: readonly KeyObject[];
  readonly #app: readonly string[];

  constructor(app: AppCredentials, apiUrl: string) {
    this.#secrets = app.secretKeys;
    this.#app = [apiUrl, app.appId];
  }

  /**
   * An event as it is stored. Its names are made with the oldest secret, so that processes with and without the newest
   * one give it the same.
   *
   * @param key - what identifies the event.
   */
  seal(signedText: string, key: string, instanceId: WixInstanceId): QueuedEvent {
    const [newest] = this.#secrets;
    const oldest = this.#secrets.at(-1);
    if (newest === undefined || oldest === undefined) throw new Error('The app has no secret.');
    const id = this.#nameOf(oldest, 'event', key);
    return { id, group: this.#nameOf(oldest, 'installation', instanceId), sealed: seal(newest, id, signedText) };
  }

  /** The signed text; `undefined` when it was altered, or encrypted with a secret that is not configured. */
  open({ id, sealed }: QueuedEvent): string | undefined {
    for (const secret of this.#secrets) {
      const text = unseal(secret, id, sealed);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  #nameOf(secret: KeyObject, kind: string, value: string): string {
    return entryKey(secret, JSON.stringify([...this.#app, 'queue', kind, value]));
  }
}
