/** One message of a stream. */
export interface StreamEntry {
  /** Milliseconds since the epoch by the server's clock, a dash, and a number. */
  readonly id: string;
  /** `undefined` when it is none this version can read. */
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

function streamsIn(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return typeof reply[0] === 'string' ? [reply[1]] : reply.map((stream) => listIn(stream)[1]);
  if (reply instanceof Map) return [...(reply as ReadonlyMap<unknown, unknown>).values()];
  return typeof reply === 'object' && reply !== null ? Object.values(reply) : [];
}

function entryIn(entry: unknown): readonly StreamEntry[] {
  const [id, fields] = listIn(entry);
  const message = listIn(fields)[1];
  return typeof id === 'string' ? [{ id, message: typeof message === 'string' ? message : undefined }] : [];
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
