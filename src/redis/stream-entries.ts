import { isJsonObject, type JsonObject } from '../core/json.js';

/** One message of a stream. */
export interface StreamEntry {
  /** Milliseconds since the epoch by the server's clock, a dash, and a number. */
  readonly id: string;
  /** `undefined` when it is none this version can read. */
  readonly message: string | undefined;
}

/**
 * The messages in what node-redis answers to a reading of one stream: nothing at all when there are none. A client that
 * was set up for the newest protocol leaves the lists of the older one as they are.
 */
export const entriesIn = (answer: unknown): readonly StreamEntry[] =>
  listIn(answer).flatMap(messagesIn).flatMap(entryIn);

const messagesIn = (stream: unknown): readonly unknown[] =>
  listIn(isJsonObject(stream) ? stream['messages'] : listIn(stream)[1]);

function entryIn(entry: unknown): readonly StreamEntry[] {
  const { id, message } = isJsonObject(entry) ? read(entry) : readRaw(listIn(entry));
  return typeof id === 'string' ? [{ id, message: typeof message === 'string' ? message : undefined }] : [];
}

const read = ({ id, message }: JsonObject): Found => ({
  id,
  message: isJsonObject(message) ? message['message'] : undefined,
});

const readRaw = ([id, fields]: readonly unknown[]): Found => ({ id, message: listIn(fields)[1] });

interface Found {
  readonly id: unknown;
  readonly message: unknown;
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
