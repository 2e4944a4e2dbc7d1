import type { ActiveFault, Faults } from '../../faults.js';
import type { FaultView, NewFault } from '../console-api.js';
import type { EventStream } from '../http/event-stream.js';
import { emulatorFault } from './fault-kinds.js';

// Taken when the module loads, so that fake timers of a test do not stop the emulator.
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;

interface SwitchedFault {
  readonly view: Omit<FaultView, 'hits'>;
  readonly active: ActiveFault;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** The faults that were switched on in the console. */
export class FaultSwitches {
  readonly #faults: Faults;
  readonly #stream: EventStream;
  readonly #now: () => number;
  readonly #switched = new Map<number, SwitchedFault>();
  #lastId = 0;

  constructor(faults: Faults, stream: EventStream, now: () => number) {
    this.#faults = faults;
    this.#stream = stream;
    this.#now = now;
  }

  /** The active ones, oldest first. */
  get all(): readonly FaultView[] {
    return [...this.#switched.values()]
      .map(({ view, active }) => ({ ...view, hits: active.hits }))
      .filter(({ hits, times }) => hits < (times ?? Infinity));
  }

  switchOn(fault: NewFault): FaultView {
    const id = (this.#lastId += 1);
    const seconds = fault.seconds ?? null;
    const view = {
      id,
      kind: fault.kind,
      path: fault.path,
      method: fault.method ?? null,
      times: fault.times ?? null,
      seconds,
      delayMs: fault.delayMs ?? null,
      retryAfterSeconds: fault.retryAfterSeconds ?? null,
      endsAt: seconds === null ? null : this.#now() + seconds * 1_000,
    };
    const active = this.#faults.plan(fault.path, emulatorFault({ ...view, hits: 0 }));
    const timer = seconds === null ? undefined : realSetTimeout(() => this.switchOff(id), seconds * 1_000).unref();
    this.#switched.set(id, { view, active, timer });
    this.tell();
    return { ...view, hits: 0 };
  }

  /** Ends one. Returns whether it was active. */
  switchOff(id: number): boolean {
    const switched = this.#switched.get(id);
    if (!switched) return false;
    realClearTimeout(switched.timer);
    switched.active.clear();
    this.#switched.delete(id);
    this.tell();
    return true;
  }

  /** Ends all. */
  clear(): void {
    for (const id of [...this.#switched.keys()]) this.switchOff(id);
  }

  /** Sends the active faults to the consoles: a hit changes the counts. */
  tell(): void {
    this.#stream.send('faults', this.all);
  }
}
