import type { AuthEvents } from '../../core/auth-events.js';
import type { WixClock } from '../../core/clock.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import {
  WixCredentialsExpiredError,
  WixCredentialsRejectedError,
  type WixAuthError,
} from '../../core/wix-auth.errors.js';
import type { ClientConnection } from '../credentials/client-connection.js';

interface HeldConnection {
  readonly connection: ClientConnection;
  readonly identity: AnyWixIdentity;
  readonly sinceMs: number;
  timer?: NodeJS.Timeout;
}

// Node's timers take at most 24 days, and clocks are set: an hour is looked ahead at a time.
const MAX_TIMER_MS = 3_600_000;
// Wix's clock says when an app was removed, ours when a connection began.
const CLOCK_SKEW_MS = 60_000;

/** Ends connections when the credential expires that their clients presented, and when its site removes the app. */
export class HeldConnections {
  readonly #clock: WixClock;
  readonly #held = new Map<object, HeldConnection>();

  constructor(clock: WixClock, events: AuthEvents) {
    this.#clock = clock;
    events.on('appRemoved', ({ instanceId, removedAtMs }) => {
      this.#endThoseOf(instanceId, removedAtMs);
    });
  }

  /** Whether the connection of a client is held already. */
  has(client: object): boolean {
    return this.#held.has(client);
  }

  /** From now on the connection lasts no longer than the credential behind that identity. */
  hold(connection: ClientConnection, identity: AnyWixIdentity): void {
    if (this.has(connection.client) || !connection.isOpen()) return;
    const held = { connection, identity, sinceMs: this.#clock.nowMs() };
    this.#held.set(connection.client, held);
    connection.onceClosed(() => {
      this.#release(held);
    });
    this.#endWhenExpired(held);
  }

  #endWhenExpired(held: HeldConnection): void {
    const remainingMs = held.identity.expiresAt.getTime() - this.#clock.nowMs();
    if (remainingMs <= 0) {
      this.#end(held, new WixCredentialsExpiredError('The credential of this connection has expired.'));
      return;
    }
    held.timer = setTimeout(
      () => {
        this.#endWhenExpired(held);
      },
      Math.min(remainingMs, MAX_TIMER_MS),
    ).unref();
  }

  // A removal may be told again long after: what began since then belongs to the next installation.
  #endThoseOf(instanceId: string, removedAtMs: number): void {
    const concerned = [...this.#held.values()].filter(
      ({ identity, sinceMs }) => identity.instanceId === instanceId && sinceMs <= removedAtMs + CLOCK_SKEW_MS,
    );
    for (const held of concerned) this.#end(held, new WixCredentialsRejectedError('The site has removed the app.'));
  }

  #end(held: HeldConnection, error: WixAuthError): void {
    this.#release(held);
    held.connection.end(error);
  }

  #release({ connection: { client }, timer }: HeldConnection): void {
    clearTimeout(timer);
    this.#held.delete(client);
  }
}
