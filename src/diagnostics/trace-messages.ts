/** Where an answer came from. */
export type WixTraceSource =
  /** This process's cache. */
  | 'memory'
  /** The shared store: another process obtained it. */
  | 'store'
  /** A request to Wix. */
  | 'wix'
  /** An older answer, because Wix could not be reached (`staleIfErrorMs`). */
  | 'stale'
  /** No lookup: known from the credential itself, or not needed. */
  | 'offline';

/** The outcome of work. The code tells why it was not a success. */
export type WixTraceOutcome =
  /** It succeeded. */
  | 'success'
  /** The answer is no, to this credential, caller or installation. */
  | 'refused'
  /** Wix, or something else that is needed, could not be reached. */
  | 'unavailable'
  /** The operator or the application has to fix something. */
  | 'failed';

/** What every message has. */
export interface WixTraceBase {
  /** The app of the registration it happened in: one process may hold several. */
  readonly appId: string;
}

/** What a message has when its work is over; before, these are absent. */
export interface WixTraceEnd<Outcome extends string = WixTraceOutcome> {
  /** The outcome. Absent while it is in progress. */
  readonly outcome?: Outcome;
  /** Why it was not a success: a code of ours, or of what failed underneath. */
  readonly code?: string | undefined;
  /** Wix's id of the request that failed, when it gave one. */
  readonly wixRequestId?: string | undefined;
  /** How many milliseconds it took. 0 when everything was cached. */
  readonly tookMs?: number;
}

/** A credential was verified, or found verified. */
export interface WixVerifyTrace extends WixTraceBase, WixTraceEnd {
  /** What was presented; `'unreadable'` when it can be neither. */
  readonly credentialType: 'access-token' | 'signed-instance' | 'unreadable';
  /** Where the answer came from. */
  readonly from?: WixTraceSource;
  /** The installation of the caller who was verified. */
  readonly instanceId?: string | undefined;
  /** Who the caller is. */
  readonly identityType?: string | undefined;
  /** The id of the user, member or visitor, with the option `subjectIds`. */
  readonly subjectId?: string | undefined;
}

/** A token for calls to Wix was asked for. With `from: 'wix'`, one was minted. */
export interface WixMintTrace extends WixTraceBase, WixTraceEnd {
  /** The app's own token on a site, or one on behalf of a caller. */
  readonly kind: 'app' | 'caller';
  /** Where it came from. */
  readonly from?: WixTraceSource;
  /** The installation; absent for tokens on behalf of callers. */
  readonly instanceId?: string | undefined;
  /** Whether it is renewed ahead of its expiry, with no caller waiting. */
  readonly isAhead?: boolean;
}

/** What the app or a caller holds on a site was looked up, or which plan the site has. */
export interface WixGrantsTrace extends WixTraceBase, WixTraceEnd {
  /** What Wix says of the app's installation (grants, plan), or the grants of a caller. */
  readonly kind: 'app' | 'caller';
  /** Where the answer came from. */
  readonly from?: WixTraceSource;
  /** The installation. */
  readonly instanceId: string;
}

/** What a guard decided. */
export type WixDecisionOutcome =
  | WixTraceOutcome
  /**
   * The call was let pass, and would be refused if the scopes of {@link ReportScopes} were required: told after its
   * answer, as a message of its own. The code is `WIX_UNAVAILABLE` where that could not be found out.
   */
  | 'reported';

/** A guard allowed or refused a call. */
export interface WixDecisionTrace extends WixTraceBase, WixTraceEnd<WixDecisionOutcome> {
  /** Method and path template, such as `GET /products/:id`; absent where there is no HTTP route. */
  readonly route: string | undefined;
  /** Class and method. */
  readonly handler: string;
  /** Whether everything was cached in this process. */
  readonly isCached?: boolean;
  /** Who called, once verified. */
  readonly identityType?: string | undefined;
  /** The installation of the caller, once verified. */
  readonly instanceId?: string | undefined;
  /** The id of the user, member or visitor, with the option `subjectIds`. */
  readonly subjectId?: string | undefined;
  /** The scopes that are missing. */
  readonly missingScopes?: readonly string[];
  /** Who lacks them: the app, the caller, or both. */
  readonly lackedBy?: readonly string[];
}

/** A request to Wix, with all its attempts. */
export interface WixCallTrace extends WixTraceBase, WixTraceEnd {
  /** Who sends it: the application (`WixHttpService`), its clients of Wix's SDK, or this module for itself. */
  readonly by: 'application' | 'sdk' | 'module';
  /** The HTTP method. */
  readonly method: string;
  /** The path, with `{id}` in place of what looks like an id. Never a query. */
  readonly path: string;
  /** The host it goes to. */
  readonly host: string;
  /** The installation whose quota it uses; of a token not verified yet, the one it names. */
  readonly instanceId?: string | undefined;
  /** The status of the last answer; absent when there was none. */
  readonly status?: number | undefined;
  /** How often it was sent. */
  readonly attempts?: number;
}

/** The outcome of an event, or of one of its handlers. */
export type WixWebhookOutcome =
  /** The handler succeeded. */
  | 'done'
  /** It failed; Wix sends the event again, or the queue hands it out again. */
  | 'failed'
  /** It had succeeded before: this is a resend. */
  | 'done-before'
  /** It is already running, here or in another process. */
  | 'in-progress'
  /** The ledger failed, or could not record it. */
  | 'unavailable'
  /** The signature or the event is invalid: no handler ran. */
  | 'refused'
  /** It is stored in the queue: no handler has run yet. */
  | 'queued'
  /** It was given up, and is now a dead letter. */
  | 'dead-letter';

/** A webhook, once for every handler; once without a handler where it was refused, queued or given up. */
export interface WixWebhookTrace extends WixTraceBase, WixTraceEnd<WixWebhookOutcome> {
  /** The type of the event; absent where it was refused. */
  readonly eventType?: string;
  /** The id of the event, where it has one. */
  readonly eventId?: string | undefined;
  /** Class and method. */
  readonly handler?: string;
  /** The installation. */
  readonly instanceId?: string;
  /** When Wix signed it, in milliseconds since the epoch. */
  readonly issuedAtMs?: number;
}

/** A step of an installation. */
export interface WixInstallTrace extends WixTraceBase, WixTraceEnd {
  /** The way to install. */
  readonly flow: string;
  /** The browser is sent to Wix; it came back and was checked; the application was told. */
  readonly step: 'start' | 'callback' | 'hook';
  /** The installation, once Wix confirmed it. */
  readonly instanceId?: string;
  /** Whether the browser is the one that started. */
  readonly isProven?: boolean;
}

/** A store began to fail, or works again. */
export interface WixStoreTrace extends WixTraceBase {
  /** Which one. */
  readonly store: 'cache' | 'refresh tokens' | 'ledger' | 'event queue';
  /** What it does from now on. */
  readonly state: 'failing' | 'working';
  /** Why, as a code such as `ECONNREFUSED`. */
  readonly reason?: string | undefined;
}

/** Requests to an endpoint of Wix stop, or resume. */
export interface WixCircuitTrace extends WixTraceBase {
  /** Its path. */
  readonly endpoint: string;
  /** The kind of traffic affected. */
  readonly lane: string;
  /** `'open'`: no requests are sent, and callers are answered 503. */
  readonly state: 'open' | 'closed';
  /** What the last request failed with. */
  readonly reason?: string | undefined;
  /** Wix's id of that request. */
  readonly wixRequestId?: string | undefined;
  /** Milliseconds it was open. */
  readonly lastedMs?: number;
  /** How many requests were refused meanwhile. */
  readonly refused?: number;
}

/** A request to Wix had to wait for its turn in this process. */
export interface WixLimiterTrace extends WixTraceBase, WixTraceEnd {
  /** The kind of traffic; `'calls'` is the option `calls.requestsPerMinute`. */
  readonly limiter: string;
}

/** This process waited for another one to obtain the same value. */
export interface WixLeaseTrace extends WixTraceBase, WixTraceEnd {
  /** What is obtained, such as `app` (tokens) or `verified tokens`. */
  readonly kind: string;
}

/** The channels by name: `nestjs-wix-auth:<name>`, each a `tracingChannel` of `node:diagnostics_channel`. */
export interface WixTraces {
  /** Credentials verified. */
  readonly verify: WixVerifyTrace;
  /** Tokens handed out and minted. */
  readonly mint: WixMintTrace;
  /** Grants looked up. */
  readonly grants: WixGrantsTrace;
  /** Decisions of guards. */
  readonly decision: WixDecisionTrace;
  /** Requests to Wix. */
  readonly call: WixCallTrace;
  /** Webhooks. */
  readonly webhook: WixWebhookTrace;
  /** Steps of installations. */
  readonly install: WixInstallTrace;
  /** Stores that begin to fail, or work again. */
  readonly store: WixStoreTrace;
  /** Circuits that open and close. */
  readonly circuit: WixCircuitTrace;
  /** Requests that wait for their turn. */
  readonly limiter: WixLimiterTrace;
  /** Waiting for other processes. */
  readonly lease: WixLeaseTrace;
}

/** The names of the channels. */
export type WixTraceName = keyof WixTraces;

/** A message whose work is over. */
export type WixTraceOver<Name extends WixTraceName> =
  WixTraces[Name] extends WixTraceEnd<infer Outcome>
    ? WixTraces[Name] & {
        /** How it ended. */
        readonly outcome: Outcome;
        /** Milliseconds from start to end. */
        readonly tookMs: number;
      }
    : WixTraces[Name];
