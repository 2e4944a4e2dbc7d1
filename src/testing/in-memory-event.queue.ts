import { EventQueue, type DeadEvent, type QueuedEvent, type QueueHandling, type QueueWork } from '../index.js';

interface Waiting {
  readonly event: QueuedEvent;
  attempts: number;
  /** Whether it is being processed, or must wait. */
  isHeld: boolean;
}

interface Worker {
  readonly handling: QueueHandling;
  readonly handedOut: Set<Waiting>;
  isStopped: boolean;
}

/**
 * Webhooks wait in this process, and are lost when it ends: for tests of an application with
 * `webhooks: { mode: 'queue' }`, in place of its real queue.
 */
export class InMemoryEventQueue extends EventQueue {
  readonly #groups = new Map<string, Waiting[]>();
  readonly #dead = new Map<string, DeadEvent>();
  readonly #workers = new Set<Worker>();

  override add(event: QueuedEvent): Promise<void> {
    const waiting = this.#groups.get(event.group) ?? [];
    if (!this.#dead.has(event.id) && !waiting.some(({ event: { id } }) => id === event.id)) {
      this.#groups.set(event.group, [...waiting, { event, attempts: 0, isHeld: false }]);
    }
    this.#handOut();
    return Promise.resolve();
  }

  override work(handling: QueueHandling): QueueWork {
    const worker: Worker = { handling, handedOut: new Set(), isStopped: false };
    this.#workers.add(worker);
    this.#handOut();
    return {
      stop: () => void (worker.isStopped = true),
      giveBack: () => {
        for (const entry of [...worker.handedOut]) this.#release(worker, entry);
        return Promise.resolve();
      },
      close: () => Promise.resolve(void this.#workers.delete(worker)),
    };
  }

  override dead(limit: number): Promise<readonly DeadEvent[]> {
    return Promise.resolve([...this.#dead.values()].reverse().slice(0, limit));
  }

  override async replay(id: string): Promise<boolean> {
    const dead = this.#dead.get(id);
    if (dead === undefined) return false;
    this.#dead.delete(id);
    await this.add({ id, group: dead.group, sealed: dead.sealed });
    return true;
  }

  override discard(id: string): Promise<boolean> {
    return Promise.resolve(this.#dead.delete(id));
  }

  #handOut(): void {
    for (const [first] of this.#groups.values()) {
      const worker = [...this.#workers].find(isFree);
      if (worker === undefined) return;
      if (first !== undefined && !first.isHeld) void this.#deal(worker, first);
    }
  }

  async #deal(worker: Worker, entry: Waiting): Promise<void> {
    entry.isHeld = true;
    entry.attempts += 1;
    worker.handedOut.add(entry);
    const verdict = await worker.handling.handle({ ...entry.event, attempt: entry.attempts });
    // It was returned in the meantime: another process handles it.
    if (!worker.handedOut.has(entry)) return;
    if (verdict.outcome === 'later') entry.attempts -= 1;
    if (verdict.outcome === 'dead') this.#bury(entry, verdict.reason);
    if ('afterMs' in verdict) this.#again(worker, entry, verdict.afterMs);
    else this.#remove(worker, entry);
  }

  #again(worker: Worker, entry: Waiting, afterMs: number): void {
    worker.handedOut.delete(entry);
    setTimeout(() => this.#release(worker, entry), afterMs);
    this.#handOut();
  }

  #release(worker: Worker, entry: Waiting): void {
    worker.handedOut.delete(entry);
    entry.isHeld = false;
    this.#handOut();
  }

  #bury({ event, attempts }: Waiting, reason: string): void {
    this.#dead.set(event.id, { ...event, reason, attempts, diedAtMs: Date.now() });
  }

  #remove(worker: Worker, entry: Waiting): void {
    worker.handedOut.delete(entry);
    const { group } = entry.event;
    const others = (this.#groups.get(group) ?? []).filter((one) => one !== entry);
    if (others.length === 0) this.#groups.delete(group);
    else this.#groups.set(group, others);
    this.#handOut();
  }
}

const isFree = ({ handling, handedOut, isStopped }: Worker): boolean =>
  !isStopped && handedOut.size < handling.concurrency;
