import { MAX_MESSAGE_LENGTH } from './stream-entries.js';

/** One kind of client: how a command is sent by it, and how its connection comes and goes. */
export interface RedisWire {
  readonly isOpen: boolean;
  /** Whether a command would be sent at once. Clusters of node-redis do not tell. */
  readonly isReady: boolean | undefined;
  /** Sends a command to where its key is, and gives the reply as it came. */
  send(key: string, command: readonly string[]): Promise<unknown>;
  /** Connects, or waits for the connection that is being made. */
  connect(): Promise<unknown>;
  /** Ends the connection at once, whether or not there is one. */
  end(): void;
  onError(listener: (error: unknown) => void): void;
  /** A connection of its own for commands that wait; `undefined` where this kind of client cannot have one. */
  another(): RedisWire | undefined;
}

interface StreamPosition {
  readonly key: string;
  readonly id: string;
}

interface ScriptParameters {
  readonly keys: readonly string[];
  readonly arguments: readonly string[];
}

// No value of this module is longer. A longer one was written by something else, and is not worth its memory.
const MAX_VALUE_BYTES = 262_144;
/** The same, where a script reads. */
export const READABLE = `redis.call('STRLEN', KEYS[1]) <= ${String(MAX_VALUE_BYTES)}`;

// Left out on the server, so that what is too long is received by no process.
const READ_STREAM = `
local streams = redis.call('XREAD', 'COUNT', ARGV[2], 'STREAMS', KEYS[1], ARGV[1])
if not streams then return false end
for _, entry in ipairs(streams[1][2]) do
  for _, part in ipairs(entry[2]) do
    if #part > ${String(MAX_MESSAGE_LENGTH)} then entry[2] = {} end
  end
end
return streams`;

const LAST_ID = `
local entries = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', '1')
return entries[1] and entries[1][1] or false`;

/** The commands that are used of Redis, the same by every client: node-redis, ioredis and iovalkey. */
export class RedisClient {
  readonly #wire: RedisWire;

  constructor(wire: RedisWire) {
    this.#wire = wire;
  }

  /** Whether there is a connection, or one is being made. */
  get isOpen(): boolean {
    return this.#wire.isOpen;
  }

  /** Whether a command would be sent at once, if the client tells. */
  get isReady(): boolean | undefined {
    return this.#wire.isReady;
  }

  /** The value of a key, unless it is longer than any value of this module. */
  async get(key: string): Promise<string | undefined> {
    const value = await this.#wire.send(key, ['GETRANGE', key, '0', String(MAX_VALUE_BYTES)]);
    return typeof value === 'string' && value !== '' && value.length <= MAX_VALUE_BYTES ? value : undefined;
  }

  /** `PX`: milliseconds to live. */
  set(key: string, value: string, { PX }: { readonly PX: number }): Promise<unknown> {
    return this.#wire.send(key, ['SET', key, value, 'PX', String(PX)]);
  }

  del(key: string): Promise<unknown> {
    return this.#wire.send(key, ['DEL', key]);
  }

  eval(script: string, { keys, arguments: values }: ScriptParameters): Promise<unknown> {
    return this.#wire.send(keys[0] ?? '', ['EVAL', script, String(keys.length), ...keys, ...values]);
  }

  /** Adds a message to a stream of about so many. */
  xAdd(key: string, message: string, maxLength: number): Promise<unknown> {
    return this.#wire.send(key, ['XADD', key, 'MAXLEN', '~', String(maxLength), '*', 'message', message]);
  }

  /** The messages after a position, as they came. Those that are too long come without their text. */
  xRead({ key, id }: StreamPosition, count: number): Promise<unknown> {
    return this.eval(READ_STREAM, { keys: [key], arguments: [id, String(count)] });
  }

  /** Waits for the message after a position, which comes as it is: scripts cannot wait. */
  xWait({ key, id }: StreamPosition, blockMs: number): Promise<unknown> {
    return this.#wire.send(key, ['XREAD', 'COUNT', '1', 'BLOCK', String(blockMs), 'STREAMS', key, id]);
  }

  /** The id of the newest message of a stream, without the message. */
  xLastId(key: string): Promise<unknown> {
    return this.eval(LAST_ID, { keys: [key], arguments: [] });
  }

  pExpire(key: string, ms: number): Promise<unknown> {
    return this.#wire.send(key, ['PEXPIRE', key, String(ms)]);
  }

  /** What the server says of itself. */
  info(section: string): Promise<unknown> {
    return this.#wire.send('', ['INFO', section]);
  }

  connect(): Promise<unknown> {
    return this.#wire.connect();
  }

  /** Ends the connection at once, whether or not there is one. */
  end(): void {
    this.#wire.end();
  }

  on(_event: 'error', listener: (error: unknown) => void): void {
    this.#wire.onError(listener);
  }

  /** A client with a connection of its own, for commands that wait; `undefined` where there can be none. */
  another(): RedisClient | undefined {
    const wire = this.#wire.another();
    return wire && new RedisClient(wire);
  }
}
