import type { PlacedApp } from '../../scenario/emulated-scenario.js';
import type { ConnectionView } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import type { Deliveries } from '../events/deliveries.js';
import { connectionOf } from './connections.js';

// Taken when the module loads, so that fake timers of a test do not stop the emulator.
const realSetInterval = setInterval;
const realClearInterval = clearInterval;

const EVERY_MS = 2_000;

/** Reports to open consoles whether the apps can be reached, when that changes. */
export class ConnectionWatch {
  readonly #context: ConsoleContext;
  readonly #deliveries: Deliveries;
  readonly #told = new Map<PlacedApp, string>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(context: ConsoleContext, deliveries: Deliveries) {
    this.#context = context;
    this.#deliveries = deliveries;
    this.#timer = realSetInterval(() => void this.#look(), EVERY_MS).unref();
  }

  close(): void {
    realClearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { stream, scenario } = this.#context;
    if (!stream.isRead) {
      this.#told.clear();
      return;
    }
    for (const placed of scenario.apps) {
      this.#tell(placed, await connectionOf(this.#context, placed, this.#deliveries));
    }
  }

  #tell(placed: PlacedApp, connection: ConnectionView): void {
    const facts = JSON.stringify({ ...connection, checkedAt: 0 });
    if (this.#told.get(placed) === facts) return;
    this.#told.set(placed, facts);
    this.#context.stream.send('connection', { appId: placed.app.appId, connection });
  }
}
