import { isJsonObject } from '../core/json.js';

/** One message of a stream. */
export interface StreamEntry {
  /** Milliseconds since the epoch by the server's clock, a dash, and a number. */
  readonly id: string;
  readonly message: string;
}

/** The messages in what node-redis answers to a reading of one stream: nothing at all when there are none. */
export function entriesIn(answer: unknown): readonly StreamEntry[] {
  return listIn(answer)
    .flatMap((stream) => (isJsonObject(stream) ? listIn(stream['messages']) : []))
    .flatMap(entryIn);
}

function entryIn(entry: unknown): readonly StreamEntry[] {
  if (!isJsonObject(entry) || !isJsonObject(entry['message'])) return [];
  const { id } = entry;
  const { message } = entry['message'];
  return typeof id === 'string' && typeof message === 'string' ? [{ id, message }] : [];
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
