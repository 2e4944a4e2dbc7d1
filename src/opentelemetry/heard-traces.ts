import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { onWixTrace } from '../diagnostics/on-wix-trace.js';
import { channelName } from '../diagnostics/trace-channel.js';
import type { WixTraceName, WixTraceOver, WixTraces } from '../diagnostics/trace-messages.js';

/** Subscriptions to traces, which can be ended together. */
export class HeardTraces {
  readonly #ends: (() => void)[] = [];

  /** Calls the listener when a traced operation has ended. */
  onOver<Name extends WixTraceName>(name: Name, listener: (message: WixTraceOver<Name>) => void): void {
    this.#ends.push(onWixTrace(name, listener));
  }

  /** Calls the listener when a traced operation begins, unless it was answered at once. */
  onBegun<Name extends WixTraceName>(name: Name, listener: (message: WixTraces[Name]) => void): void {
    const channel = `tracing:${channelName(name)}:start`;
    const hear = (message: unknown): void => {
      if (isUnderWay(message)) heard(listener, message as WixTraces[Name]);
    };
    subscribe(channel, hear);
    this.#ends.push(() => unsubscribe(channel, hear));
  }

  /** Ends all subscriptions. */
  end(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}

const isUnderWay = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && !('outcome' in message || 'state' in message);

function heard<Message>(listener: (message: Message) => void, message: Message): void {
  try {
    listener(message);
  } catch {
    // An exporter that fails must not change what happens.
  }
}
