/**
 * Everything that happens inside a registration and that an operator may want to know, by name. Payloads hold ids,
 * counts and texts of our own, never a credential and never a text from outside that was not bounded and stripped.
 *
 * To add one: name it here, emit it where it happens, and say in `diagnostics/event-lines.ts` how it is logged.
 */
export interface AuthEventMap {
  /** A request failed for a reason only the operator can fix. */
  readonly operatorError: OperatorError;
  /** A site has removed the app, as another process may have learned. */
  readonly appRemoved: AppRemoval;
  /** The first credential that names a different app than the configured one. */
  readonly foreignCredential: ForeignCredential;
  /** A store keeps failing. Repeated for as long as it does. */
  readonly storeFailed: StoreFailed;
  /** It works again. */
  readonly storeRecovered: StoreRecovered;
  /** The Redis behind the cache could not be reached while the application started. */
  readonly redisUnreachable: RedisUnreachable;
  /** Redis is set up in a way that may lose what this module counts on. */
  readonly redisSetting: RedisSetting;
  /** The store of refresh tokens may lose what it was given last. */
  readonly refreshTokensAtRisk: RefreshTokensAtRisk;
  /** Refresh tokens end with this process. */
  readonly refreshTokensInMemory: object;
  /** No secret of the app opens a refresh token that is stored. */
  readonly refreshTokenUnreadable: OfInstallation;
  /** A token could not be renewed ahead of its expiry; no caller waited for it. */
  readonly renewalFailed: RenewalFailure;
  /** What came back from an installation at Wix was refused. */
  readonly installRefused: Refusal;
  /** `onInstalled` of the application failed. */
  readonly installHookFailed: HookFailure;
  /** `onInstalled` of the application sends the browser where it may not. */
  readonly installRedirectRefused: OfInstallation;
  /** What this registration shares with its other processes, told once at start-up. */
  readonly sharing: SharingReported;
  /** Other processes see the cache, but cannot share everything. */
  readonly sharingIncomplete: SharingIncomplete;
  /** A signed request was refused for its size. */
  readonly bodyTooLarge: LargeBody;
  /** The event ledger failed. */
  readonly ledgerFailed: LedgerFailure;
  /** It works again. */
  readonly ledgerRecovered: LedgerRecovered;
  /** The queue behind webhooks could not store an event, or has trouble handing them out. */
  readonly queueFailed: QueueFailure;
  /** It stores events again. */
  readonly queueRecovered: QueueRecovered;
  /** An event was given up, and is kept apart until it is replayed or discarded. */
  readonly deadLetter: DeadLetter;
  /** Events are remembered in this process only. */
  readonly ledgerInMemory: object;
  /** What was received at the webhook endpoint was not sent by Wix for this app, or cannot be read. */
  readonly webhookRefused: Refusal;
  /** A handler of an event failed. */
  readonly handlerFailed: HandlerFailure;
  /** A handler of an event is still at work after a while. */
  readonly handlerSlow: SlowHandler;
  /** The application stopped before this had finished. */
  readonly shutdownAbandoned: AbandonedWork;
  /** An endpoint of Wix fails for several installations; no requests go to it for a while. */
  readonly circuitOpened: CircuitOpened;
  /** It works again. */
  readonly circuitClosed: CircuitClosed;
  /** Wix refuses every access token, including those it accepted before. */
  readonly refusalsBegan: RefusalsBegan;
  /** It accepts one again. */
  readonly refusalsEnded: RefusalsEnded;
  /** Wix refuses the app's id or secret from now on. */
  readonly appRefused: AppRefused;
  /** It accepts them again. */
  readonly appAccepted: AppAccepted;
  /** It said at start-up that it accepts them. */
  readonly appVerified: object;
  /** At start-up, it could not say whether it accepts them. */
  readonly appNotVerified: AppNotVerified;
  /** Something looks like a mistake in how the application is put together. Told at start-up. */
  readonly startUpWarning: StartUpWarning;
  /** A table of what was found at start-up: routes, or handlers of events. */
  readonly startUpTable: StartUpTable;
  /** Wix could not be reached, so an older answer was used. */
  readonly staleServed: StaleServed;
  /** The audit of the application failed. */
  readonly auditFailed: AuditFailure;
  /** Too many decisions are being audited; this one was not passed on. */
  readonly auditDropped: AuditDropped;
  /** A call was allowed that would be refused (or might be) if the scopes its route reports were required. */
  readonly scopesReported: ScopesReported;
}

/** Which installation ended, and when. */
export interface AppRemoval {
  readonly instanceId: string;
  readonly removedAtMs: number;
}

/** Wix's id of the request that was refused, when it gave one. */
export interface AppRefused {
  readonly requestId: string | undefined;
}

/** How many requests were refused meanwhile. */
export interface AppAccepted {
  readonly refused: number;
}

/** Why Wix could not say whether it accepts the app. */
export interface AppNotVerified {
  readonly reason: string;
}

/** What is to be looked at. */
export interface StartUpWarning {
  readonly message: string;
}

/** A table, or one part of it. */
export interface StartUpTable {
  readonly title: string;
  readonly rows: readonly string[];
}

/** Why something was refused, by a code and a text of ours. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Whose it is. */
export interface OfInstallation {
  readonly instanceId: string;
}

/** Which handler failed, on which event, and where: the stack is the one text of an error that is told. */
export interface HandlerFailure {
  readonly handler: string;
  readonly eventType: string;
  readonly eventId: string | undefined;
  readonly instanceId: string;
  /** What follows from it, in words. */
  readonly then: string;
  readonly stack: string;
}

/** For which installation it failed, and where: the stack is the one text of an error that is told. */
export interface HookFailure {
  readonly instanceId: string;
  readonly stack: string;
}

/** Which kind of token, and why. */
export interface RenewalFailure {
  readonly kind: 'app' | 'caller';
  readonly reason: string;
}

/** What was served. */
export interface StaleServed {
  readonly what: 'identities' | 'grants';
}

/** Why the audit failed: a code such as `ECONNREFUSED`, or the name of the error. */
export interface AuditFailure {
  readonly reason: string;
}

/** How many decisions the audit had not finished. */
export interface AuditDropped {
  readonly unfinished: number;
}

/** The last refusal needed to be certain. */
export interface RefusalsBegan {
  /** The status of the answer. */
  readonly status: number;
  /** Wix's id of that request, when it gave one. */
  readonly requestId: string | undefined;
}

/** The end of refusing everything. */
export interface RefusalsEnded {
  /** How long it lasted. */
  readonly lastedMs: number;
  /** How many tokens that were good before were refused, including those before it was certain. */
  readonly refused: number;
}

/** Who would be refused. */
export interface ScopesReported {
  /** The route, or its handler. */
  readonly route: string;
  readonly identityType: string;
  /** `'unknown'` when Wix could not be reached. */
  readonly outcome: 'refused' | 'unknown';
  /** The scopes that are missing, or may be. */
  readonly scopes: readonly string[];
  /** Who lacks them; empty when unknown. */
  readonly lackedBy: readonly string[];
}

/** The beginning of an outage. */
export interface CircuitOpened {
  /** The path of the endpoint. */
  readonly endpoint: string;
  /** The kind of traffic affected. */
  readonly lane: string;
  /** Why the last request failed, including its status. */
  readonly reason: string;
  /** Wix's id of that request, when it gave one. */
  readonly requestId: string | undefined;
}

/** The end of an outage. */
export interface CircuitClosed {
  /** The path of the endpoint. */
  readonly endpoint: string;
  /** The kind of traffic affected. */
  readonly lane: string;
  /** How long it lasted. */
  readonly lastedMs: number;
  /** How many requests were refused meanwhile. */
  readonly refused: number;
}

/** An error such as `WIX_APP_REFUSED`, whose reason callers are not told. */
export interface OperatorError {
  readonly code: string;
  readonly message: string;
}

/** A credential for another app. Not verified: anyone can send one. */
export interface ForeignCredential {
  /** Whether the id it names was configured as the secret. */
  readonly looksSwapped: boolean;
  /** The app it names, unless that id was configured as the secret. */
  readonly namedAppId?: string;
}

/** The stores that may fail. */
export type StoreName = 'cache' | 'refresh tokens';

/** A store that fails. */
export interface StoreFailed {
  readonly store: StoreName;
  /** Why, as a code such as `ECONNREFUSED`. */
  readonly reason: string;
  /** When it began, by the clock of the process. */
  readonly sinceMs: number;
}

/** The end of it. */
export interface StoreRecovered {
  readonly store: StoreName;
}

/** Why Redis cannot be reached, as a code such as `WRONGPASS`. */
export interface RedisUnreachable {
  readonly reason: string;
}

/** A Redis setting that allows it to evict entries. */
export interface RedisSetting {
  readonly setting: 'maxmemory-policy';
  readonly value: string;
}

/** Why the refresh token store may lose tokens, such as `appendonly no`. */
export interface RefreshTokensAtRisk {
  readonly risk: string;
}

/** What is shared. */
export interface SharingReported {
  readonly shared: readonly string[];
}

/** What is not shared. */
export interface SharingIncomplete {
  readonly missing: readonly string[];
}

/** How large a body was, as far as it was read, and the limit. */
export interface LargeBody {
  readonly bytes: number;
  readonly maxBytes: number;
}

/** Why the ledger failed: a code such as `ECONNREFUSED`, or the name of the error. */
export interface LedgerFailure {
  readonly reason: string;
}

/** The end of it. */
export interface LedgerRecovered {
  /** How often it failed meanwhile. */
  readonly failures: number;
}

/** Why the queue failed: a code such as `ECONNREFUSED`, or the name of the error. */
export interface QueueFailure {
  readonly reason: string;
  /** Whether an event could not be stored, so that Wix was answered 503. */
  readonly storing: boolean;
}

/** The end of it. */
export interface QueueRecovered {
  /** How many events could not be stored meanwhile. */
  readonly failures: number;
}

/** Which event was given up, and why. */
export interface DeadLetter {
  /** The id to replay it by. */
  readonly id: string;
  /** The type, id and installation of the event; absent where it could not be read. */
  readonly of: { readonly type: string; readonly id: string | undefined; readonly instanceId: string } | undefined;
  /** The handlers that failed and the codes or names of their errors, or a code of ours. */
  readonly reason: string;
  readonly attempts: number;
}

/** The handler and its event, in words, and how long it has been running. */
export interface SlowHandler {
  readonly work: string;
  readonly afterMs: number;
}

/** What had not finished: calls to Wix that were cut off, and event handlers. */
export interface AbandonedWork {
  readonly works: readonly string[];
}

/** The names of all events. */
export type AuthEventName = keyof AuthEventMap;

/** Listens to one kind of event. */
export type AuthEventListener<Name extends AuthEventName> = (event: AuthEventMap[Name]) => void;

type AnyListener = (event: never) => void;

/** Where the parts of a registration report what happened. Costs almost nothing while nothing listens. */
export class AuthEvents {
  readonly #listeners = new Map<AuthEventName, Set<AnyListener>>();

  /** Calls all listeners synchronously and in order. Never throws: listeners cannot change what happens. */
  emit<Name extends AuthEventName>(name: Name, event: AuthEventMap[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) notify(listener as AuthEventListener<Name>, event);
  }

  /** Adds a listener for one kind of event. Returns a function that removes it. */
  on<Name extends AuthEventName>(name: Name, listener: AuthEventListener<Name>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}

function notify<Event>(listener: (event: Event) => void, event: Event): void {
  try {
    listener(event);
  } catch {
    // A failing logger must not change an access decision.
  }
}
