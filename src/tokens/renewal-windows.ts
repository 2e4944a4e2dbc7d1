/** How cached tokens are renewed. */
export interface RenewalSettings {
  /** Milliseconds before its expiry from which a token is no longer handed out. */
  readonly leewayMs: number;
  /** Milliseconds before its expiry from which it is renewed in the background. */
  readonly refreshAheadMs: number;
}

/** The moments in a token's life, in milliseconds since the epoch. */
export interface TokenLife {
  /** When it was obtained. */
  readonly sinceMs: number;
  /** From then on it is handed out and renewed in the background. */
  readonly renewFromMs: number;
  /** From then on it is no longer handed out. */
  readonly staleFromMs: number;
  readonly expiresAtMs: number;
}

// Wix's tokens live 4 hours, but nothing promises that. A window longer than the life itself would mean a new token
// for every caller, so short lives get proportionally short windows.
const LEEWAY_SHARE = 1 / 4;
const REFRESH_SHARE = 1 / 2;

/** When a token obtained at `sinceMs` is to be renewed. */
export function tokenLife(sinceMs: number, expiresAtMs: number, settings: RenewalSettings): TokenLife {
  const lifetimeMs = expiresAtMs - sinceMs;
  return {
    sinceMs,
    renewFromMs: expiresAtMs - Math.min(settings.refreshAheadMs, lifetimeMs * REFRESH_SHARE),
    staleFromMs: expiresAtMs - Math.min(settings.leewayMs, lifetimeMs * LEEWAY_SHARE),
    expiresAtMs,
  };
}

/** Whether a token may be handed out to a caller who needs it for `minValidityMs`; at most half a life can be asked for. */
export function isFresh(life: TokenLife, nowMs: number, minValidityMs = 0): boolean {
  // NaN is ignored: it must not cost a new token per call.
  const requestedMs = minValidityMs > 0 ? Math.min(minValidityMs, (life.expiresAtMs - life.sinceMs) / 2) : 0;
  return nowMs < life.staleFromMs && nowMs + requestedMs <= life.expiresAtMs;
}
