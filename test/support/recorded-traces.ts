import { tracingChannel } from 'node:diagnostics_channel';

export const traceNames = [
  'verify',
  'mint',
  'grants',
  'decision',
  'call',
  'webhook',
  'install',
  'store',
  'circuit',
  'limiter',
  'lease',
] as const;

type Message = Record<string, unknown>;

/** What Node's own way to listen brings: all parts of all channels, as they were when they were published. */
export class RecordedTraces {
  readonly #published: { readonly name: string; readonly part: string; readonly message: Message }[] = [];
  readonly #end: (() => void)[] = [];

  constructor() {
    for (const name of traceNames) this.#listen(name);
  }

  /** What is over, on one channel. */
  over(name: (typeof traceNames)[number]): Message[] {
    return this.#published
      .filter((one) => one.name === name && ['end', 'asyncEnd'].includes(one.part))
      .map(({ message }) => message)
      .filter((message) => 'outcome' in message || 'state' in message);
  }

  /** The parts that one channel published, in order. */
  parts(name: (typeof traceNames)[number]): string[] {
    return this.#published.filter((one) => one.name === name).map(({ part }) => part);
  }

  /** Everything. */
  get all(): readonly unknown[] {
    return this.#published;
  }

  clear(): void {
    this.#published.splice(0);
  }

  stop(): void {
    for (const end of this.#end.splice(0)) end();
  }

  #listen(name: string): void {
    const channel = tracingChannel<unknown, Message>(`nestjs-wix-auth:${name}`);
    const taker =
      (part: string) =>
      (message: Message): void => {
        this.#published.push({ name, part, message: { ...message } });
      };
    const takers = {
      start: taker('start'),
      end: taker('end'),
      asyncStart: taker('asyncStart'),
      asyncEnd: taker('asyncEnd'),
      error: taker('error'),
    };
    channel.subscribe(takers);
    this.#end.push(() => channel.unsubscribe(takers));
  }
}
