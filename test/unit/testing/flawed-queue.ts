import type { QueuedEvent, QueueHandling, QueueVerdict, QueueWork } from 'nestjs-wix-auth';
import { InMemoryEventQueue } from 'nestjs-wix-auth/testing';

/** What may be wrong with a queue of an application. */
export type QueueFlaw =
  | 'loses what no process waits for'
  | 'stores twice'
  | 'cuts the text'
  | 'knows no groups'
  | 'takes one at a time'
  | 'forgets what failed'
  | 'counts what was not begun'
  | 'keeps nothing apart'
  | 'stops at what was given up'
  | 'takes what was given up again'
  | 'replays nothing'
  | 'discards nothing'
  | 'never stops'
  | 'gives nothing back';

/** A queue with one flaw. */
export class FlawedQueue extends InMemoryEventQueue {
  readonly #flaw: QueueFlaw | undefined;
  #works = 0;
  #added = 0;

  constructor(flaw?: QueueFlaw) {
    super();
    this.#flaw = flaw;
  }

  override async add(event: QueuedEvent): Promise<void> {
    const { id, group, sealed } = event;
    switch (this.#flaw) {
      case 'loses what no process waits for':
        return this.#works === 0 ? undefined : super.add(event);
      case 'stores twice':
        return super.add({ ...event, id: `${id}${String((this.#added += 1))}` });
      case 'cuts the text':
        return super.add({ ...event, sealed: sealed.slice(0, 1_000) });
      case 'knows no groups':
        return super.add({ ...event, group: id });
      case 'takes what was given up again':
        await super.discard(id);
        return super.add(event);
      case 'stops at what was given up':
        return (await super.dead(99)).some((dead) => dead.group === group) ? undefined : super.add(event);
      default:
        return super.add(event);
    }
  }

  override work(handling: QueueHandling): QueueWork {
    this.#works += 1;
    const concurrency = this.#flaw === 'takes one at a time' ? 1 : handling.concurrency;
    const work = super.work({
      ...handling,
      concurrency,
      handle: async (event) => this.#changed(await handling.handle(event)),
    });
    return {
      stop: () => {
        if (this.#flaw !== 'never stops') work.stop();
      },
      giveBack: () => (this.#flaw === 'gives nothing back' ? Promise.resolve() : work.giveBack()),
      close: () => {
        this.#works -= 1;
        work.stop();
        return work.close();
      },
    };
  }

  override replay(id: string): Promise<boolean> {
    return this.#flaw === 'replays nothing' ? super.discard(id) : super.replay(id);
  }

  override async discard(id: string): Promise<boolean> {
    return this.#flaw === 'discards nothing'
      ? (await super.dead(99)).some((dead) => dead.id === id)
      : super.discard(id);
  }

  #changed(verdict: QueueVerdict): QueueVerdict {
    const { outcome } = verdict;
    if (this.#flaw === 'forgets what failed' && outcome === 'retry') return { outcome: 'done' };
    if (this.#flaw === 'keeps nothing apart' && outcome === 'dead') return { outcome: 'done' };
    if (this.#flaw === 'counts what was not begun' && outcome === 'later')
      return { ...verdict, outcome: 'retry', reason: '' };
    return verdict;
  }
}
