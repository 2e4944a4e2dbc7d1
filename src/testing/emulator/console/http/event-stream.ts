import type { ServerResponse } from 'node:http';

import type { StreamEvents } from '../console-api.js';

// Taken when the module loads, so that fake timers of a test do not stop the emulator.
const realSetInterval = setInterval;
const realClearInterval = clearInterval;

const HEARTBEAT_MS = 15_000;
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** Sends what happens to every open console. */
export class EventStream {
  readonly #open = new Set<ServerResponse>();
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  /** Whether a console is connected. */
  get isRead(): boolean {
    return this.#open.size > 0;
  }

  /** Answers with the stream, until the connection ends. */
  add(response: ServerResponse, nowMs: number): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(eventText('hello', { now: nowMs }));
    this.#open.add(response);
    response.once('close', () => this.#drop(response));
    this.#heartbeat ??= realSetInterval(() => this.#write(':\n\n'), HEARTBEAT_MS).unref();
  }

  /** Sends an event. */
  send<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): void {
    if (this.isRead) this.#write(eventText(name, data));
  }

  /** Ends all streams. */
  close(): void {
    for (const response of [...this.#open]) response.end();
  }

  #write(text: string): void {
    for (const response of this.#open) {
      // A page that stopped reading would fill the memory: it reads everything again when it reconnects.
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
      else response.write(text);
    }
  }

  #drop(response: ServerResponse): void {
    this.#open.delete(response);
    if (this.isRead) return;
    realClearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}

const eventText = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
