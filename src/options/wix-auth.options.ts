import type { KeyObject } from 'node:crypto';
import type { Agent } from 'node:http';

import type { CacheModuleOptions } from '@nestjs/cache-manager';

import { AppCredentials } from '../core/app-credentials.js';
import { isJsonObject, textOf } from '../core/values/json.js';
import type { UserRoleMap } from '../grants/users/contributor-user-grants.js';
import type { WixScope } from '../grants/scopes/wix-scope.js';
import type { OwnAgents } from '../http/wix-agents.js';
import type { WixMessageTransport } from '../nest/message-transports.js';
import { parsePublicKey } from './public-key.js';
import { isTestRun } from './test-run.js';

/** How app-instance tokens are cached and renewed. */
export interface WixTokenOptions {
  /**
   * Milliseconds before its expiry from which a cached token is no longer handed out. Too small, and a slow request
   * arrives with a dead token; too large, and tokens are minted more often than needed.
   *
   * @default 60_000
   */
  readonly leewayMs?: number | undefined;
  /**
   * Milliseconds before its expiry from which a cached token is renewed in the background while it is still handed
   * out. Below `leewayMs` it has no effect, and callers wait for each renewal.
   *
   * @default 300_000
   */
  readonly refreshAheadMs?: number | undefined;
}

/** How incoming access tokens are verified by Wix (token-info). */
export interface WixVerificationOptions {
  /**
   * Milliseconds a verified token is trusted before Wix is asked again. Longer means fewer requests, and longer
   * until a revoked token or a removed app is noticed. A token in use is renewed in the background in the last quarter.
   *
   * @default 60_000
   */
  readonly ttlMs?: number | undefined;
  /**
   * Milliseconds that a token that was verified before counts beyond `ttlMs` while Wix cannot be asked: network faults,
   * timeouts, 429, 5xx and answers that cannot be read. Never beyond its expiry, nor after it was
   * forgotten or the site removed the app. At most 4 hours. Longer outlasts more of an outage, and as long may a revoked token count.
   *
   * @default 0: callers are refused with 503
   */
  readonly staleIfErrorMs?: number | undefined;
  /**
   * Milliseconds a refused token stays refused without asking again.
   *
   * @default 10_000
   */
  readonly rejectedTtlMs?: number | undefined;
  /**
   * How many verified tokens one process remembers. Each costs about its own length plus 500 bytes.
   *
   * @default 10_000
   */
  readonly maxEntries?: number | undefined;
  /**
   * The longest credential read, in bytes; longer ones are refused unread. Node itself answers 431 when all headers
   * together exceed 16 KiB.
   *
   * @default 8_192
   */
  readonly maxCredentialBytes?: number | undefined;
  /**
   * How many requests a second about tokens never seen before this process may send to token-info. Beyond it they wait
   * for their turn; tokens that were good before are unaffected. Protects Wix's quota from invented tokens.
   *
   * @default 250
   */
  readonly maxRequestsPerSecond?: number | undefined;
  /**
   * Milliseconds a request of this library's own to Wix waits in this process for its turn, which does not count against
   * `requestTimeoutMs`. When they are over the answer is 503. The time an HTTP request may take here is the sum of both.
   *
   * @default 10_000
   */
  readonly maxWaitMs?: number | undefined;
}

/** How signed instances (the `instance` string of Wix iframes) are accepted. */
export interface WixSignedInstanceOptions {
  /**
   * A header that may carry one, read beside `Authorization`, such as `x-wix-instance`.
   *
   * @default none
   */
  readonly header?: string | undefined;
  /**
   * Milliseconds after its `signDate` from which a signed instance is too old, whatever its expiration date says.
   *
   * @default 14_400_000 (4 hours)
   */
  readonly maxAgeMs?: number | undefined;
}

/** Where permission scopes come from and how long they are believed. */
export interface WixGrantsOptions {
  /**
   * Milliseconds the scopes granted on a site are cached. A missing scope is requested once more before a refusal, so
   * this bounds how long a *withdrawn* scope still counts. What is in use is renewed in the background in the last quarter.
   *
   * @default 300_000
   */
  readonly ttlMs?: number | undefined;
  /**
   * Milliseconds that what a site granted before counts beyond `ttlMs` while Wix cannot be asked: network faults,
   * timeouts, 429, 5xx and answers that cannot be read. Never after it was
   * forgotten or the site removed the app. At most 4 hours. Longer outlasts more of an outage, and as long may a withdrawn scope count.
   *
   * @default 0: callers are refused with 503
   */
  readonly staleIfErrorMs?: number | undefined;
  /**
   * What holders of a role on the site may do, by role id: `'*'` for everything the app may, or a list of scopes.
   * Wix publishes no such table, so roles not named here hold nothing; the refusal names the role to map.
   *
   * @default {}
   */
  readonly userRoles?: Readonly<Record<string, '*' | readonly WixScope[]>> | undefined;
}

/** How calls to Wix by `WixHttpService` behave; each call may set the first two for itself. */
export interface WixCallOptions {
  /**
   * Milliseconds one call may take, waiting and retries included.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The largest answer read, in bytes; larger ones fail.
   *
   * @default 20_971_520 (20 MiB)
   */
  readonly maxResponseBytes?: number | undefined;
  /**
   * Calls a minute and installation from which further ones wait their turn in this process. Wix allows 200, over all
   * processes (https://dev.wix.com/docs/rest/articles/getting-started/rate-limits).
   *
   * @default none: calls are sent at once, and repeated where Wix throttles them
   */
  readonly requestsPerMinute?: number | undefined;
}

/** How this library connects to Wix. */
export interface WixHttpOptions {
  /**
   * Agents of Node for all that this library sends to Wix, such as those of `https-proxy-agent` for an egress proxy. They
   * carry the app's secret and every token: a proxy that an agent lets decrypt TLS sees them, and one that does not verify
   * certificates hands them to anyone who poses as Wix. Where requests go does not change: to `apiUrl` alone, and no
   * redirect is followed. Their limits on sockets hold for all traffic together, and they are yours to close. Clients of
   * Wix's SDK use Node's `fetch`, which has a dispatcher of its own.
   *
   * @default agents of its own, which keep connections alive and take no proxy from the environment
   */
  readonly agents?:
    | {
        /** For an `apiUrl` with plain http, such as an emulator's. */
        readonly http?: Agent | undefined;
        /** For Wix. */
        readonly https?: Agent | undefined;
      }
    | undefined;
}

/** What is logged. */
export interface WixLoggingOptions {
  /**
   * What is logged at start-up about the routes that are guarded: a `'table'` of who may call each with which scopes, in
   * records of fifty routes; a `'summary'`, which counts them; or `'none'`.
   *
   * @default 'table'
   */
  readonly routes?: 'table' | 'summary' | 'none' | undefined;
  /**
   * Whether lines about what happens while the application runs are texts or objects, with fields such as `code` and
   * `requestId`.
   *
   * @default 'json' where Nest's own `ConsoleLogger` was given `json: true`, else 'text'
   */
  readonly format?: 'text' | 'json' | undefined;
}

/** What {@link WixAuthModule.forRoot} takes. Wrong settings fail at start-up, all named in one error. */
export interface WixAuthOptions {
  /** The app's id: a GUID, from the app's dashboard (OAuth page). */
  readonly appId: string;
  /**
   * The app's secret, from the same page. While it is being rotated: the new one first, then the old one. The first
   * is sent to Wix; all of them verify signed instances and decrypt stored tokens.
   */
  readonly appSecret: string | readonly string[];
  /**
   * The app's public key, from the dashboard's Webhooks page: PEM, PEM with literal `\n`, or the base64 of the PEM;
   * several while it is being rotated. Needed for webhooks and service plugins only.
   *
   * @default none
   */
  readonly publicKey?: string | readonly string[] | undefined;
  /**
   * Where Wix's APIs are. Another host is for tests only; plain `http` is accepted for loopback addresses alone. In a
   * process of Jest, Vitest or `node:test` nothing is sent unless this is given: a request then fails with a
   * `WIX_MISCONFIGURED` that names it.
   *
   * @default 'https://www.wixapis.com'
   */
  readonly apiUrl?: string | undefined;
  /**
   * Milliseconds for one request to Wix, retries included. When they are over the answer is 503.
   *
   * @default 5_000
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * Milliseconds that requests, calls to Wix and event handlers get to finish when the application stops. Giving back
   * what other processes wait for, and closing, takes up to two seconds more: stay below the time your platform leaves
   * between SIGTERM and SIGKILL. Needs `app.enableShutdownHooks()`.
   *
   * @default 10_000
   */
  readonly shutdownTimeoutMs?: number | undefined;
  /** How app-instance tokens are cached and renewed. */
  readonly tokens?: WixTokenOptions | undefined;
  /** How incoming access tokens are verified. */
  readonly verification?: WixVerificationOptions | undefined;
  /** How signed instances are accepted; `false` refuses them all. */
  readonly signedInstance?: false | WixSignedInstanceOptions | undefined;
  /** Where permission scopes come from. */
  readonly grants?: WixGrantsOptions | undefined;
  /**
   * How a caller's token is made fit for calls from a server: `'exchange'` asks Wix for an unbound one, as Wix's SDK
   * does (`strip_bound_session`); `'forward'` sends it as it came.
   *
   * @default 'exchange'
   */
  readonly onBehalfOf?: 'exchange' | 'forward' | undefined;
  /** How calls to Wix behave. */
  readonly calls?: WixCallOptions | undefined;
  /** How this library connects to Wix. */
  readonly http?: WixHttpOptions | undefined;
  /**
   * How refusals are written over HTTP: `'nest'` is Nest's body (`statusCode`, `message`, `error`), `'problem+json'` the
   * problem details of RFC 9457 (`type`, `title`, `status`, `detail`), both with `code` and the facts of the refusal.
   *
   * @default 'nest'
   */
  readonly errors?: 'nest' | 'problem+json' | undefined;
  /**
   * The transports, beside HTTP requests, whose calls guards read a credential from: the handshake of `'socket.io'` and
   * `'ws'` connections, the connection parameters of `'graphql-ws'`, and `authorization` in the headers of `'nats'`,
   * `'kafka'` and `'rabbitmq'` or the metadata of `'grpc'`. Guarded calls by any other are left to the port
   * `CredentialSource`, whose default refuses them.
   *
   * @default []
   */
  readonly messageTransports?: readonly WixMessageTransport[] | undefined;
  /** What is logged. */
  readonly logging?: WixLoggingOptions | undefined;
  /**
   * Which decisions of guards the port `AccessAudit` hears of: `'refusals'`, or `'all'`.
   *
   * @default 'refusals'
   */
  readonly audit?: 'refusals' | 'all' | undefined;
  /**
   * Whether Wix is asked once, when the application starts, if the app's id and secret are good, by asking for a token of
   * an installation that does not exist. `true` says so in a line of the log; with `'required'` the application does not
   * start when Wix says no. It starts when Wix cannot be asked.
   *
   * @default false
   */
  readonly verifyOnStart?: boolean | 'required' | undefined;
  /**
   * Whether traces and the audit name users, members and visitors by their ids. These are personal data: they then
   * stand wherever your traces, metrics and audit are stored.
   *
   * @default false
   */
  readonly subjectIds?: boolean | undefined;
  /**
   * Stores for `@nestjs/cache-manager`, where tokens are stored, encrypted. Give Redis (`@keyv/redis`) when several
   * processes serve the same app: they then share tokens, verified identities and grants, one asks for all, and
   * webhooks are remembered there. Other stores share, but let several ask at once.
   *
   * @default in memory, bounded
   */
  readonly cache?: Omit<CacheModuleOptions, 'isGlobal'> | undefined;
}

/** The options with every default filled in, and their injection token. Holds no secret in clear. */
export abstract class ResolvedWixAuthOptions {
  abstract readonly app: AppCredentials;
  abstract readonly publicKeys: readonly KeyObject[];
  abstract readonly apiUrl: string;
  abstract readonly requestTimeoutMs: number;
  abstract readonly shutdownTimeoutMs: number;
  abstract readonly tokens: { readonly leewayMs: number; readonly refreshAheadMs: number };
  abstract readonly verification: Readonly<Record<keyof WixVerificationOptions, number>>;
  abstract readonly signedInstance: false | { readonly header: string | undefined; readonly maxAgeMs: number };
  abstract readonly grants: {
    readonly ttlMs: number;
    readonly staleIfErrorMs: number;
    readonly userRoles: UserRoleMap;
  };
  abstract readonly onBehalfOf: 'exchange' | 'forward';
  abstract readonly calls: {
    readonly timeoutMs: number;
    readonly maxResponseBytes: number;
    readonly requestsPerMinute: number | undefined;
  };
  abstract readonly audit: 'refusals' | 'all';
  abstract readonly subjectIds: boolean;
  /** By a function, because an agent may hold the password of a proxy, and this may be printed. */
  abstract readonly http: { readonly agents: () => OwnAgents; readonly mayReachWix: boolean };
  abstract readonly verifyOnStart: boolean | 'required';
  abstract readonly logging: {
    readonly routes: 'table' | 'summary' | 'none';
    readonly format: 'text' | 'json' | undefined;
  };
  abstract readonly errors: 'nest' | 'problem+json';
  abstract readonly messageTransports: readonly WixMessageTransport[];
  /** Whether the app gave stores of its own, which other processes may see. */
  abstract readonly sharesCache: boolean;
  /** `install.publicUrl` without a slash at its end; empty without `install`. */
  abstract readonly publicUrl: string;
}

const HOUR_MS = 3_600_000;

/**
 * Checks the options and what stands beside them, and fills in the defaults.
 *
 * @throws {@link WixMisconfiguredError} listing every problem.
 */
export async function resolveOptions(options: WixAuthOptions, extras: object = {}): Promise<ResolvedWixAuthOptions> {
  // Rules take a validator, which nothing needs that only imports the package.
  const { checkOptions } = await import('./check-options.js');
  const install = withPublicUrl(Reflect.get(extras, 'install'));
  checkOptions(options, { ...extras, install });
  return settingsOf(options, install);
}

// A function is called once, here.
function withPublicUrl(install: unknown): unknown {
  if (!isJsonObject(install) || typeof install['publicUrl'] !== 'function') return install;
  const publicUrl = install['publicUrl'] as () => unknown;
  try {
    return { ...install, publicUrl: publicUrl() };
  } catch (error) {
    return { ...install, publicUrl: error };
  }
}

/** Checked options, with every default filled in. */
export function settingsOf(options: WixAuthOptions, install?: unknown): ResolvedWixAuthOptions {
  return Object.freeze({
    app: new AppCredentials(options.appId, secretsIn(options.appSecret)),
    publicKeys: listOf(options.publicKey).map(parsePublicKey),
    apiUrl: (options.apiUrl ?? 'https://www.wixapis.com').replace(/\/+$/, ''),
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    shutdownTimeoutMs: options.shutdownTimeoutMs ?? 10_000,
    tokens: withDefaults(options.tokens, { leewayMs: 60_000, refreshAheadMs: 300_000 }),
    verification: withDefaults(options.verification, VERIFICATION_DEFAULTS),
    signedInstance: signedInstanceIn(options.signedInstance),
    grants: {
      ttlMs: options.grants?.ttlMs ?? 300_000,
      staleIfErrorMs: options.grants?.staleIfErrorMs ?? 0,
      userRoles: new Map(Object.entries(options.grants?.userRoles ?? {})),
    },
    onBehalfOf: options.onBehalfOf ?? 'exchange',
    calls: {
      timeoutMs: options.calls?.timeoutMs ?? 30_000,
      maxResponseBytes: options.calls?.maxResponseBytes ?? 20_971_520,
      requestsPerMinute: options.calls?.requestsPerMinute ?? undefined,
    },
    audit: options.audit ?? 'refusals',
    subjectIds: options.subjectIds ?? false,
    http: {
      agents: () => ({ httpAgent: options.http?.agents?.http, httpsAgent: options.http?.agents?.https }),
      mayReachWix: options.apiUrl !== undefined || !isTestRun(),
    },
    verifyOnStart: options.verifyOnStart ?? false,
    logging: { routes: options.logging?.routes ?? 'table', format: options.logging?.format ?? undefined },
    errors: options.errors ?? 'nest',
    messageTransports: [...(options.messageTransports ?? [])],
    sharesCache: options.cache?.['stores'] !== undefined,
    publicUrl: (isJsonObject(install) ? (textOf(install, 'publicUrl') ?? '') : '').replace(/\/+$/, ''),
  });
}

const VERIFICATION_DEFAULTS = {
  ttlMs: 60_000,
  staleIfErrorMs: 0,
  rejectedTtlMs: 10_000,
  maxEntries: 10_000,
  maxCredentialBytes: 8_192,
  maxRequestsPerSecond: 250,
  maxWaitMs: 10_000,
};

function signedInstanceIn(options: WixAuthOptions['signedInstance']): ResolvedWixAuthOptions['signedInstance'] {
  if (options === false) return false;
  return { header: options?.header?.toLowerCase(), maxAgeMs: options?.maxAgeMs ?? 4 * HOUR_MS };
}

// An option given as `undefined` means its default, as everywhere in Nest; `null` comes from configuration files.
function withDefaults<Defaults extends Record<string, number>>(
  given: Partial<Record<keyof Defaults, number | undefined>> | undefined,
  defaults: Defaults,
): Defaults {
  const set = Object.entries(given ?? {}).filter(([, value]) => typeof value === 'number');
  return { ...defaults, ...Object.fromEntries(set) };
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

function secretsIn(value: string | readonly string[]): readonly [string, ...string[]] {
  const [newest = '', ...older] = listOf(value);
  return [newest, ...older];
}
