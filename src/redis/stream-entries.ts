/** One message of a stream. */
export interface StreamEntry {
  /** Milliseconds since the epoch by the server's clock, a dash, and a number. */
  readonly id: string;
  /** `undefined` when this version cannot read it. */
  readonly message: string | undefined;
}

/**
 * The messages in what Redis replies to a reading of one stream: nothing at all when there are none, by the older protocol
 * a list of streams with their names, by the newer one a map of them, which ioredis hands over as a flat list.
 */
export const entriesIn = (reply: unknown): readonly StreamEntry[] =>
  streamsIn(reply)
    .flatMap((entries) => listIn(entries))
    .flatMap(entryIn);

/** The id of the newest message, in what a script replies; that of an empty stream when there is none. */
export const lastIdIn = (reply: unknown): string => (typeof reply === 'string' ? reply : STREAM_START);

/** What is longer was not published by this module. */
export const MAX_MESSAGE_LENGTH = 65_536;

/** The id before that of any message. */
export const STREAM_START = '0-0';

/** Whether one id stands before another. */
export function isBefore(id: string, other: string): boolean {
  const [ms = 0n, count = 0n] = partsOf(id);
  const [otherMs = 0n, otherCount = 0n] = partsOf(other);
  return ms < otherMs || (ms === otherMs && count < otherCount);
}

// Both may be larger than a number is exact.
const partsOf = (id: string): readonly bigint[] => (/^\d+-\d+$/.test(id) ? id.split('-').map(BigInt) : []);

function streamsIn(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return typeof reply[0] === 'string' ? [reply[1]] : reply.map((stream) => listIn(stream)[1]);
  if (reply instanceof Map) return [...(reply as ReadonlyMap<unknown, unknown>).values()];
  return typeof reply === 'object' && reply !== null ? Object.values(reply) : [];
}

function entryIn(entry: unknown): readonly StreamEntry[] {
  const [id, fields] = listIn(entry);
  const message = listIn(fields)[1];
  return typeof id === 'string' ? [{ id, message: isReadable(message) ? message : undefined }] : [];
}

// One that came although it is too long is not decrypted first.
const isReadable = (message: unknown): message is string =>
  typeof message === 'string' && message.length <= MAX_MESSAGE_LENGTH;

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
