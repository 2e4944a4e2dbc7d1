import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Ends what was begun. */
export type Ending = () => void;

/** Hears a diagnostics channel. */
export function hear(channel: string, listener: (message: unknown) => void): Ending {
  const heard = (message: unknown): void => listener(message);
  subscribe(channel, heard);
  return () => void unsubscribe(channel, heard);
}
