import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Ends a subscription. */
export type Ending = () => void;

/** Subscribes to a diagnostics channel. */
export function hear(channel: string, listener: (message: unknown) => void): Ending {
  const heard = (message: unknown): void => listener(message);
  subscribe(channel, heard);
  return () => void unsubscribe(channel, heard);
}
