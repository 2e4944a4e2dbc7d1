import type { AuthEventMap, AuthEventName } from '../core/auth-events.js';

const MINUTE_MS = 60_000;

/** How one kind of event is logged. */
export interface EventLine<Event> {
  readonly level: 'log' | 'warn' | 'error';
  /** What the line says. */
  readonly text: (event: Event) => string;
  /**
   * What stands below it: the rows of a table, or the stack of an error.
   *
   * @default nothing
   */
  readonly below?: (event: Event) => readonly string[];
  /**
   * At most one line in so many milliseconds, which tells how many more there were.
   *
   * @default none: every event is logged
   */
  readonly atMostEveryMs?: number;
  /**
   * What is limited separately.
   *
   * @default all events of this name together
   */
  readonly keyOf?: (event: Event) => string;
}

/** How every event is logged: the one place that words log lines about what happens while the application runs. */
export const eventLines: { readonly [Name in AuthEventName]: EventLine<AuthEventMap[Name]> | undefined } = {
  // Callers' requests tell of it, and so do the circuits.
  appRefused: undefined,
  staleServed: undefined,
  appRemoved: undefined,
  appAccepted: {
    level: 'log',
    text: ({ refused }) =>
      `Wix accepts the app id and secret again; ${String(refused)} requests were refused meanwhile.`,
  },
  appVerified: { level: 'log', text: () => 'Wix accepts the app id and secret.' },
  appNotVerified: {
    level: 'warn',
    text: ({ reason }) => `Whether Wix accepts the app id and secret cannot be told: ${reason}`,
  },
  startUpWarning: { level: 'warn', text: ({ message }) => message },
  startUpTable: { level: 'log', text: ({ title }) => title, below: ({ rows }) => rows },
  operatorError: {
    level: 'error',
    text: ({ code, message }) => `${code}: ${message}`,
    atMostEveryMs: MINUTE_MS,
    keyOf: ({ code, message }) => `${code}: ${message}`,
  },
  foreignCredential: {
    level: 'warn',
    text: ({ looksSwapped, namedAppId = '' }) =>
      looksSwapped
        ? 'A caller was refused because the credential names an app whose id was configured as appSecret: appId and ' +
          'appSecret look swapped.'
        : `A caller was refused because the credential names another app, ${namedAppId}. If all are, compare appId with ` +
          'the app dashboard (OAuth page). This is logged once; further refusals of this kind are not logged.',
  },
  storeFailed: {
    level: 'warn',
    text: ({ store, reason }) =>
      store === 'cache'
        ? `The token store failed (${reason}); going on without it.`
        : `The store of refresh tokens failed (${reason}); requests that need one are answered 503.`,
    atMostEveryMs: 5 * MINUTE_MS,
    // Every outage has a line of its own, however short the time between two.
    keyOf: ({ store, sinceMs }) => `${store} ${String(sinceMs)}`,
  },
  storeRecovered: {
    level: 'log',
    text: ({ store }) =>
      store === 'cache' ? 'The token store works again.' : 'The store of refresh tokens works again.',
  },
  redisUnreachable: {
    level: 'warn',
    text: ({ reason }) => `Redis cannot be reached (${reason}); starting without it.`,
  },
  redisSetting: {
    level: 'warn',
    text: ({ value }) =>
      `Redis may evict what this module counts on (maxmemory-policy ${value}): forgotten installations may be trusted for ` +
      'the rest of their time, and webhooks run again. Set noeviction.',
  },
  refreshTokensAtRisk: {
    level: 'warn',
    text: ({ risk }) =>
      `The store of refresh tokens may lose the latest of them when it restarts (${risk}): each would cost its site a new ` +
      'installation.',
  },
  refreshTokensInMemory: {
    level: 'warn',
    text: () =>
      'Refresh tokens are stored in memory: after a restart every site would have to install the app anew. ' +
      'Provide a RefreshTokenStore that lasts.',
  },
  refreshTokenUnreadable: {
    level: 'error',
    text: ({ instanceId }) =>
      `No app secret opens the refresh token of installation ${instanceId}. It is not deleted: add the secret it was stored ` +
      'under to appSecret. Until then client credentials are used.',
  },
  renewalFailed: {
    level: 'warn',
    text: ({ kind, reason }) => `A token could not be renewed ahead of its expiry (${kind}): ${reason}`,
  },
  installRefused: {
    level: 'warn',
    text: ({ code, message }) => `An installation was refused (${code}): ${message}`,
    // Anyone can cause these.
    atMostEveryMs: MINUTE_MS,
    keyOf: ({ code }) => code,
  },
  installHookFailed: {
    level: 'error',
    text: ({ instanceId }) => `onInstalled failed for installation ${instanceId}.`,
    below: ({ stack }) => [stack],
  },
  installRedirectRefused: {
    level: 'error',
    text: () => 'onInstalled redirects to an origin that install.redirectOrigins does not name.',
  },
  sharing: {
    level: 'log',
    text: ({ shared }) =>
      shared.length === 0
        ? 'Nothing is shared with other processes: the cache is in memory.'
        : `Shared with other processes: ${shared.join(', ')}.`,
  },
  sharingIncomplete: {
    level: 'warn',
    text: ({ missing }) =>
      `The cache is shared with other processes, but no ${missing.join(' and no ')}: give it a Redis, or provide your own.`,
  },
  bodyTooLarge: {
    level: 'warn',
    text: ({ bytes, maxBytes }) =>
      `A signed request was answered 413: its body has ${String(bytes)} bytes or more, and webhooks.maxBodyBytes is ` +
      `${String(maxBytes)}.`,
    // Anyone can send large bodies: one line a minute for each order of magnitude.
    atMostEveryMs: MINUTE_MS,
    keyOf: ({ bytes }) => String(Math.floor(Math.log2(bytes))),
  },
  ledgerInMemory: {
    level: 'log',
    text: () =>
      'Webhooks are remembered in memory, which serves one process. Provide an EventLedger when several receive them.',
  },
  webhookRefused: {
    level: 'warn',
    text: ({ code, message }) => `A webhook was refused (${code}): ${message}`,
    // A wrong public key must be noticed; a flood of forgeries must not fill the log.
    atMostEveryMs: MINUTE_MS,
  },
  handlerFailed: {
    level: 'error',
    text: ({ handler, eventType, eventId, then }) =>
      `${handler} failed on ${eventId === undefined ? eventType : `${eventType} ${eventId}`}; ${then}.`,
    below: ({ stack }) => [stack],
  },
  ledgerFailed: {
    level: 'error',
    text: ({ reason }) =>
      `The event ledger failed (${reason}): Wix is told to send webhooks again until it can be asked.`,
    atMostEveryMs: MINUTE_MS,
  },
  ledgerRecovered: {
    level: 'log',
    text: ({ failures }) => `The event ledger works again, after ${String(failures)} failures.`,
  },
  queueFailed: {
    level: 'error',
    text: ({ reason, storing }) =>
      storing
        ? `The event queue failed (${reason}): Wix is told to send webhooks again until it can store them.`
        : `The event queue failed (${reason}) while events were being taken from it.`,
    atMostEveryMs: MINUTE_MS,
    keyOf: ({ storing }) => String(storing),
  },
  queueRecovered: {
    level: 'log',
    text: ({ failures }) => `The event queue works again; ${String(failures)} events could not be stored meanwhile.`,
  },
  deadLetter: {
    level: 'error',
    text: ({ id, of: event, reason, attempts }) =>
      `${event === undefined ? 'An event' : `${event.type} ${event.id ?? 'without id'} of ${event.instanceId}`} was given up ` +
      `after ${String(attempts)} attempts (${reason}). Replay it as ${id}.`,
  },
  handlerSlow: {
    level: 'warn',
    text: ({ work, afterMs }) =>
      `${work} has not ended after ${String(afterMs / 1_000)} seconds. Nothing else runs it for this event until it has ` +
      'ended, or this process has.',
  },
  shutdownAbandoned: {
    level: 'warn',
    text: ({ works }) => `The application stopped before this had finished: ${listed(works)}.`,
  },
  refusalsBegan: {
    level: 'warn',
    text: ({ status, requestId }) =>
      `Wix refuses every access token, also those it called good before (HTTP ${String(status)})${wixRequest(requestId)} ` +
      'Callers are answered 401 until it accepts one. If this lasts, see whether the app is still there in the app dashboard.',
  },
  refusalsEnded: {
    level: 'log',
    text: ({ lastedMs, refused }) =>
      `Wix accepts access tokens again, after ${seconds(lastedMs)} s; ${String(refused)} that were good before were refused.`,
  },
  circuitOpened: {
    level: 'warn',
    text: ({ endpoint, lane, reason, requestId }) =>
      `Wix does not answer ${endpoint}${forLane(lane)}: ${reason}${requestId === undefined ? '' : ` Wix's request id: ${requestId}.`} ` +
      'Requests are answered 503 until it does.',
  },
  auditFailed: {
    level: 'error',
    text: ({ reason }) =>
      `AccessAudit failed (${reason}): a decision was not recorded. Callers are answered all the same.`,
    atMostEveryMs: MINUTE_MS,
  },
  scopesReported: {
    level: 'warn',
    text: ({ route, identityType, outcome, scopes, lackedBy }) =>
      outcome === 'refused'
        ? `${route} would refuse this caller (${identityType}): ${scopes.join(', ')} is lacked by the ` +
          `${lackedBy.join(' and the ')}. It is only reported there.`
        : `${route} reports ${scopes.join(', ')}, and whether this caller (${identityType}) holds it could not be found out.`,
    atMostEveryMs: MINUTE_MS,
    keyOf: ({ route, outcome, lackedBy }) => `${route} ${outcome} ${lackedBy.join(' ')}`,
  },
  auditDropped: {
    level: 'error',
    text: ({ unfinished }) =>
      `AccessAudit is too slow: ${String(unfinished)} decisions are unfinished, and a further one was not handed over.`,
    atMostEveryMs: MINUTE_MS,
  },
  circuitClosed: {
    level: 'log',
    text: ({ endpoint, lane, lastedMs, refused }) =>
      `Wix answers ${endpoint}${forLane(lane)} again, after ${seconds(lastedMs)} s; ${String(refused)} requests were refused meanwhile.`,
  },
};

const MAX_LISTED = 50;

function listed(works: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const work of works) counts.set(work, (counts.get(work) ?? 0) + 1);
  const names = [...counts].map(([work, count]) => (count === 1 ? work : `${work} (${String(count)} times)`));
  const more = names.length - MAX_LISTED;
  return names.slice(0, MAX_LISTED).join(', ') + (more > 0 ? ` and ${String(more)} more` : '');
}

const LANES: Readonly<Record<string, string>> = {
  introspection: ' for new access tokens',
  reverification: ' for access tokens seen before',
  install: ' for callbacks of installations',
};

const forLane = (lane: string): string => LANES[lane] ?? '';

const wixRequest = (requestId: string | undefined): string =>
  requestId === undefined ? '.' : `. Wix's request id: ${requestId}.`;

const seconds = (ms: number): string => String(Math.round(ms / 1_000));
