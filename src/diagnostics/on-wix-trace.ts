import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { channelName } from './trace-channel.js';
import type { WixTraceName, WixTraceOver } from './trace-messages.js';

/**
 * Hears on one channel what has ended, for all registrations in this process and all copies of this package. What the
 * listener throws is dropped. Returns what ends it.
 *
 * The same is there without this function, as `tracingChannel('nestjs-wix-auth:<name>')` of `node:diagnostics_channel`,
 * with the beginnings too; there, Node makes an uncaught exception of what a listener throws.
 */
export function onWixTrace<Name extends WixTraceName>(
  name: Name,
  listener: (message: WixTraceOver<Name>) => void,
): () => void {
  const hear = (message: unknown): void => {
    if (isOver<Name>(message)) heard(listener, message);
  };
  const channels = (['end', 'asyncEnd'] as const).map((part) => `tracing:${channelName(name)}:${part}`);
  for (const channel of channels) subscribe(channel, hear);
  return () => {
    for (const channel of channels) unsubscribe(channel, hear);
  };
}

// Work whose end is still to come has neither.
const isOver = <Name extends WixTraceName>(message: unknown): message is WixTraceOver<Name> =>
  typeof message === 'object' && message !== null && ('outcome' in message || 'state' in message);

function heard<Message>(listener: (message: Message) => void, message: Message): void {
  try {
    listener(message);
  } catch {
    // A subscriber must not change what happens.
  }
}
