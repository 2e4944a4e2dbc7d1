import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';

import { hear, type Ending } from './channels.js';
import type { ReceivedRequest } from './recorded-calls.js';

/** Observes the requests that servers of this process receive, and which of them is being answered. */
export class IncomingRequests {
  readonly all: ReceivedRequest[] = [];
  readonly stop: Ending;
  readonly #answering = new AsyncLocalStorage<ReceivedRequest>();

  /** @param exceptPort - the port of the emulator. */
  constructor(exceptPort: number) {
    this.stop = hear('http.server.request.start', (message) => {
      const { request } = message as { readonly request: IncomingMessage };
      if (request.socket.localPort !== exceptPort) this.#received(request);
    });
  }

  /** The request during which this is called. */
  get current(): ReceivedRequest | undefined {
    return this.#answering.getStore();
  }

  #received({ method = 'GET', url = '/' }: IncomingMessage): void {
    const path = url.split('?', 1)[0] ?? '/';
    const request: ReceivedRequest = { method, path, passed: new Set(), refused: new Set(), calls: [] };
    this.all.push(request);
    // Node runs the server's listeners in the same turn: what they begin goes on with it.
    this.#answering.enterWith(request);
  }
}
