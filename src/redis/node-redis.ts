import type { RedisWire } from './redis-client.js';

type Command = readonly string[];
type Options = Readonly<Record<string, unknown>>;

/** What all clients of node-redis have in common. */
interface NodeRedis {
  readonly isOpen: boolean;
  readonly isReady?: boolean;
  connect(): Promise<unknown>;
  destroy(): unknown;
  /** Lets the process end although there is a connection. Only clients of one server can. */
  unref?(): void;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** A client of one server. */
interface SingleClient extends NodeRedis {
  sendCommand(command: Command, options: Options): Promise<unknown>;
  duplicate(changes: Options): SingleClient;
}

/** A client that a master is found for by sentinels. */
interface SentinelClient extends NodeRedis {
  sendCommand(isReadonly: boolean, command: Command, options: Options): Promise<unknown>;
}

/** A client of a cluster. */
interface ClusterClient extends NodeRedis {
  sendCommand(key: string | undefined, isReadonly: boolean, command: Command, options: Options): Promise<unknown>;
}

// Replies as the protocol has them, however the app's own are mapped.
const AS_THEY_ARE: Options = { typeMapping: {} };

// The older protocol, without what only the newer one has: a connection of its own must not hear of what others change.
const READER: Options = {
  RESP: 2,
  clientSideCache: undefined,
  emitInvalidate: false,
  maintNotifications: 'disabled',
};

type SendCommand = (key: string, command: Command) => Promise<unknown>;

/** Sends by a client of node-redis: one server, a cluster or sentinels. */
export class NodeRedisWire implements RedisWire {
  readonly #client: NodeRedis;
  readonly #send: SendCommand;

  private constructor(client: NodeRedis, send: SendCommand) {
    this.#client = client;
    this.#send = send;
  }

  /** The way to send by this client. */
  static of(client: object): NodeRedisWire {
    if (isCluster(client)) {
      const search = new MasterSearch(client);
      return new NodeRedisWire(client, (key, command) =>
        search.whileUnanswered(key, client.sendCommand(key === '' ? undefined : key, false, command, AS_THEY_ARE)),
      );
    }
    if (isSentinel(client)) {
      return new NodeRedisWire(client, (_key, command) => client.sendCommand(false, command, AS_THEY_ARE));
    }
    const single = client as SingleClient;
    return new NodeRedisWire(single, (_key, command) => single.sendCommand(command, AS_THEY_ARE));
  }

  get isOpen(): boolean {
    return this.#client.isOpen;
  }

  get isReady(): boolean | undefined {
    return this.#client.isReady;
  }

  send(key: string, command: Command): Promise<unknown> {
    return this.#send(key, command);
  }

  connect(): Promise<unknown> {
    return this.#client.isOpen ? Promise.resolve() : this.#client.connect();
  }

  end(): void {
    // One that is just being made is made all the same.
    this.#client.unref?.();
    if (this.#client.isOpen) this.#client.destroy();
  }

  onError(listener: (error: unknown) => void): void {
    this.#client.on('error', listener);
  }

  another(): NodeRedisWire | undefined {
    return isSingle(this.#client) ? NodeRedisWire.of(this.#client.duplicate(READER)) : undefined;
  }
}

const UNANSWERED_MS = 500;

/**
 * Has a cluster's client look for new masters while one does not answer. By itself it does so only when a node redirects
 * it, and a lost node does not redirect: any other one does, when it is asked for the same key.
 */
class MasterSearch {
  readonly #client: ClusterClient;
  #isRunning = false;

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  async whileUnanswered(key: string, reply: Promise<unknown>): Promise<unknown> {
    const timer = setInterval(() => void this.#askAnyNode(key), UNANSWERED_MS).unref();
    try {
      return await reply;
    } finally {
      clearInterval(timer);
    }
  }

  // A node chosen at random may be the one that is gone, so none is waited for.
  async #askAnyNode(key: string): Promise<void> {
    if (this.#isRunning || key === '') return;
    this.#isRunning = true;
    setTimeout(() => {
      this.#isRunning = false;
    }, UNANSWERED_MS).unref();
    await this.#client.sendCommand(undefined, false, ['EXISTS', key], AS_THEY_ARE).catch(() => undefined);
  }
}

const isCluster = (client: object): client is ClusterClient => 'nodeClient' in client;

const isSentinel = (client: object): client is SentinelClient => 'acquire' in client;

const isSingle = (client: object): client is SingleClient =>
  !isCluster(client) && !isSentinel(client) && 'duplicate' in client;
