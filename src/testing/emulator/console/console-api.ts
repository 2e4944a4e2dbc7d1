/**
 * The JSON of the console's API under `/_emulator/api/`, as documented in `docs/console-api.md`. Types only, so that the
 * front end can import this file. Times are milliseconds since the epoch. No type here holds a secret or a token, except
 * {@link Copied}, which answers a request to copy one.
 */

/** Who sends a request, or is shown: a person of a site by its key in the scenario, the app itself, or no one. */
export type ActorKey = string;

/** `GET overview`: everything at the top of the console and on its first page. */
export interface Overview {
  readonly emulator: EmulatorView;
  readonly apps: readonly AppView[];
  readonly sites: readonly SiteView[];
  readonly installs: readonly InstallView[];
  readonly activeFaults: number;
}

/** The running program. */
export interface EmulatorView {
  /** The package's version. */
  readonly version: string;
  /** What the app's `WIX_API_URL` is. */
  readonly url: string;
  readonly startedAt: number;
  /** The platform's clock now. */
  readonly now: number;
  /** Whether there is a folder for header files, so that `try/curl` works. */
  readonly hasFolder: boolean;
}

/** An app, without its secrets. */
export interface AppView {
  readonly appId: string;
  /** Its key in the scenario. */
  readonly key: string;
  readonly name: string;
  /** The scopes it asks a site for when it is installed. */
  readonly scopes: readonly string[];
  /** Where the app runs, such as `http://localhost:3000`. */
  readonly url: string;
  /** The whole address that webhooks are sent to. */
  readonly webhooksUrl: string;
  /** The whole address of the dashboard page, without a query. */
  readonly dashboardUrl: string;
  /** The whole address that paths of service plugins are added to. */
  readonly pluginsUrl: string;
  /** The lines for `.env`. */
  readonly env: readonly EnvLine[];
  readonly connection: ConnectionView;
}

/** A line for `.env`. Secret ones have no value here: copy them with `POST copy`. */
export interface EnvLine {
  readonly name: string;
  readonly value: string | null;
  readonly secret: boolean;
}

/** Whether the app runs and sends requests to Wix. */
export interface ConnectionView {
  readonly reachable: boolean;
  /** Why not, in words; `null` when it is reachable. */
  readonly problem: string | null;
  readonly checkedAt: number;
  /** When the app last sent a request to Wix; `null` before the first. */
  readonly lastRequestAt: number | null;
  readonly checks: readonly CheckView[];
}

/** One line of the check list of the overview. */
export interface CheckView {
  readonly id: 'reachable' | 'webhook' | 'guarded-request' | 'installed';
  readonly title: string;
  readonly state: 'yes' | 'no' | 'unknown';
  /** What was seen, or what to do next. */
  readonly text: string;
}

/** A site and its people. */
export interface SiteView {
  readonly siteId: string;
  readonly key: string;
  readonly name: string;
  readonly url: string;
  readonly catalogVersion: 'V1' | 'V3';
  readonly people: readonly PersonView[];
}

/** A person on one site. */
export interface PersonView {
  /** Unique on its site: `owner`, `manager`. What `as` takes. */
  readonly key: ActorKey;
  readonly kind: 'user' | 'member' | 'visitor';
  readonly name: string;
  /** The Wix user's, member's or visitor's id. */
  readonly id: string;
  readonly isOwner: boolean;
  /** Role ids; empty for members and visitors. */
  readonly roles: readonly string[];
  /** What Wix lets a user do; empty for owners (who may do what the app may), members and visitors. */
  readonly permissions: readonly string[];
}

/** One app on one site. */
export interface InstallView {
  readonly instanceId: string;
  readonly appId: string;
  readonly siteId: string;
  readonly isInstalled: boolean;
  readonly grants: readonly string[];
  /** The plan's product id; `null` is the free plan. */
  readonly plan: string | null;
}

/** `POST copy`: what to copy. The only way to get a secret, a token or a signed instance. */
export type CopyRequest =
  /** All lines for `.env`, or the value of one. */
  | { readonly what: 'env'; readonly appId: string; readonly name?: string }
  /** The token that Wix's front end would send for a person, or `as: 'app'` the app's own. */
  | { readonly what: 'token'; readonly instanceId: string; readonly as: ActorKey; readonly expired?: boolean }
  | { readonly what: 'signed-instance'; readonly instanceId: string; readonly as: ActorKey };

/** What `POST copy` answers. */
export interface Copied {
  readonly text: string;
  /** When a token or a signed instance expires. */
  readonly expiresAt: number | null;
}

/** `POST dashboard`: the page to show in the iframe. */
export interface DashboardRequest {
  readonly instanceId: string;
  readonly as: ActorKey;
}

/** The answer. The signed `instance` is in `src`, as at Wix. */
export interface DashboardPage {
  /** The iframe's address. */
  readonly src: string;
  /** The only origin that tokens may be posted to, and that messages are accepted from. */
  readonly origin: string;
}

/** `POST try`: a request to the app. */
export interface TryRequest {
  readonly instanceId: string;
  /** A person's key, `app` for the app's own token, or `null` for no credential. */
  readonly as: ActorKey | null;
  /** @default 'access-token' */
  readonly credential?: 'access-token' | 'signed-instance';
  readonly method: string;
  /** Path and query on the app's own address. Starts with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the app answered. */
export interface TryAnswer {
  /** 0 without an answer; `problem` says why. */
  readonly status: number;
  readonly statusText: string;
  readonly ms: number;
  readonly headers: Readonly<Record<string, string>>;
  /** At most 256 KiB of it. */
  readonly body: string;
  readonly problem: string | null;
  readonly refusal: RefusalView | null;
  /** Ids of the requests that the app sent to Wix in the meantime: see `GET requests`. */
  readonly wixRequests: readonly number[];
}

/** Why the app refused, as far as its answer or Wix's says. */
export interface RefusalView {
  /** Who refused: a guard of the app, or Wix's API behind it. */
  readonly by: 'app' | 'wix';
  /** The app's code, such as `WIX_SCOPE_MISSING`. */
  readonly code: string | null;
  /** One sentence for the developer. */
  readonly text: string;
  /** What would make the request pass. */
  readonly advice: string | null;
  readonly requiredScopes: readonly string[];
  readonly missingScopes: readonly string[];
  /** Who lacks them. */
  readonly lackedBy: readonly ('app' | 'user')[];
  /** The identity types the route takes, when that is why. */
  readonly allowedIdentities: readonly string[];
}

/** `POST try/curl` takes a {@link TryRequest}. The credential is in the header file, which only this user can read. */
export interface CurlCommand {
  readonly command: string;
  readonly headerFile: string | null;
}

/** `GET grants?instanceId=…`: scopes × the installation and each user. */
export interface GrantsView {
  readonly install: InstallView;
  readonly people: readonly PersonView[];
  readonly rows: readonly ScopeRow[];
  /** Every known scope, to add from. */
  readonly knownScopes: readonly string[];
}

/** One scope. */
export interface ScopeRow {
  readonly scope: string;
  /** Scopes and permission ids in it. */
  readonly contains: readonly string[];
  /** Whether the app asks for it. */
  readonly requested: boolean;
  readonly app: Held;
  /** By key of the person. Owners hold what the app holds. */
  readonly people: Readonly<Record<ActorKey, Held>>;
}

/** Whether a scope is held by itself, contained in another one, or not at all. */
export type Held = 'direct' | 'contained' | 'no';

/** `PATCH installs/:instanceId`. Takes effect at once. */
export interface InstallChange {
  readonly grant?: readonly string[];
  readonly revoke?: readonly string[];
  /** `null` is the free plan. */
  readonly plan?: string | null;
  /** `false` removes the app from the site, `true` installs it again. Sends the event Wix would send. */
  readonly isInstalled?: boolean;
}

/** The answer: the installation now, and the webhook sent to the app, if Wix sends one for this. */
export interface InstallChanged {
  readonly install: InstallView;
  readonly deliveries: readonly DeliveryView[];
}

/** `PATCH sites/:siteId/people/:key`. Users only. */
export interface PersonChange {
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
}

/** `GET event-types`. */
export interface EventTypeView {
  readonly type: string;
  /** The business solution, such as `stores`; `app` for lifecycle events. */
  readonly group: string;
  /** The kind of entity; `null` for lifecycle events. */
  readonly entity: string | null;
  readonly slug: string;
}

/** `GET event-types/:type?instanceId=…`: the innermost data to edit and send. */
export interface EventTemplate {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** `POST events`. */
export interface SendEvent {
  readonly instanceId: string;
  readonly type: string;
  /** @default the template */
  readonly data?: Readonly<Record<string, unknown>>;
  /** How many different events are sent: new ids, and `entityEventSequence` counting up. @default 1 */
  readonly times?: number;
  /** How many more times each is sent at once. @default 0 */
  readonly duplicates?: number;
  /** The order in which several are sent. @default 'ascending' */
  readonly order?: 'ascending' | 'descending';
  /** What is wrong with it. @default nothing */
  readonly forgery?: EventForgery | null;
  /** Who caused it, by key. @default no one */
  readonly as?: ActorKey | null;
}

/** What may be wrong with a signed request; `stale` is four days old. */
export type EventForgery =
  'another-key' | 'alg-none' | 'hs256' | 'stale' | 'expired' | 'future' | 'another-app' | 'another-issuer';

/** A webhook on its way. */
export interface DeliveryView {
  readonly id: number;
  readonly type: string;
  readonly instanceId: string;
  readonly url: string;
  readonly createdAt: number;
  readonly forgery: EventForgery | null;
  /** `sending`; `waiting` for the next attempt; `delivered` (200 in time); `given-up`; `canceled`. */
  readonly state: 'sending' | 'waiting' | 'delivered' | 'given-up' | 'canceled';
  readonly attempts: readonly AttemptView[];
  /** When it is sent again by itself. */
  readonly nextAttemptAt: number | null;
  /** The innermost data. */
  readonly data: unknown;
}

/** One attempt to deliver. */
export interface AttemptView {
  /** Counts from 1. Wix makes 13: the first, and 12 resends. Resends by hand and duplicates count on. */
  readonly number: number;
  readonly why: 'first' | 'resend' | 'by-hand' | 'duplicate';
  readonly at: number;
  readonly ms: number;
  /** 0 without an answer. */
  readonly status: number;
  /** Whether the answer took longer than Wix waits: 1,250 ms. */
  readonly late: boolean;
  /** The first 2,000 characters of the answer. */
  readonly body: string;
}

/** `GET plugins`. */
export interface PluginMethodView {
  /** Such as `ECOM_SHIPPING_RATES`. */
  readonly plugin: string;
  readonly method: string;
  /** What is added to the app's `pluginsUrl`. */
  readonly path: string;
  /** Error codes the plugin's contract knows, such as `MISSING_POSTAL_CODE:400`. */
  readonly errors: readonly string[];
}

/** `POST plugins`: call a method of the app's service plugin. */
export interface PluginCall {
  readonly instanceId: string;
  readonly plugin: string;
  readonly method: string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly forgery?: EventForgery | null;
  /** Instead of the app's `pluginsUrl` and the method's path: a path of the app. */
  readonly path?: string;
}

/** What the app answered. */
export interface PluginAnswer {
  readonly url: string;
  /** 0 without an answer. */
  readonly status: number;
  readonly ms: number;
  readonly body: string;
  /** The `applicationError` code of the answer, if it has one. */
  readonly errorCode: string | null;
}

/** `GET install?appId=…`: the Install page. */
export interface InstallPage {
  readonly flows: readonly InstallFlow[];
  /** Set with `PUT install/faults`. */
  readonly faults: InstallFaults;
  readonly faultChoices: readonly InstallFaultChoice[];
  /** Oldest first, since the last `DELETE install/steps`. */
  readonly steps: readonly InstallStep[];
}

/** One way to install the app. */
export interface InstallFlow {
  readonly flow: 'external' | 'custom-authentication';
  readonly title: string;
  /** Open this in a new tab. `null` when the app has no such address: `problem` says which setting is missing. */
  readonly startUrl: string | null;
  readonly problem: string | null;
}

/** The active faults of the flows, by name; a name that is absent is off. */
export type InstallFaults = Readonly<Partial<Record<InstallFaultChoice['name'], string>>>;

/** A fault of the flows, with the values it can have. */
export interface InstallFaultChoice {
  readonly name: 'state' | 'code' | 'signedInstance' | 'cookie';
  readonly title: string;
  readonly values: readonly string[];
}

/** A step of an installation. Addresses are without codes, tokens, state and signatures. */
export interface InstallStep {
  readonly id: number;
  readonly at: number;
  readonly title: string;
  readonly url: string;
  readonly status: number | null;
  /** What was checked or what is wrong, in words. */
  readonly note: string | null;
}

/** `GET requests`: the requests of the app to Wix, oldest first. */
export interface RequestsView {
  readonly requests: readonly RequestView[];
  readonly hints: readonly HintView[];
}

/** One request of the app. */
export interface RequestView {
  /** Counts up. The same request is sent again with the same id when it is answered. */
  readonly id: number;
  /** The `x-wix-request-id`. */
  readonly requestId: string;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** `null` while it waits, and when it was cut off. */
  readonly status: number | null;
  readonly ms: number | null;
  readonly grantType: string | null;
  /** As whom: `null` when nothing says. Never the token. */
  readonly as: CallerView | null;
  /** How many requests before it were the same: method, address, body and credential. */
  readonly repeats: number;
  /** Why it was refused, in words. */
  readonly note: string | null;
  /** Whether it met a fault of the Faults page. */
  readonly faulty: boolean;
  /** Whether the app disconnected before it had the answer. */
  readonly aborted: boolean;
}

/** Whom a request was made as, or whom token-info was asked about. */
export interface CallerView {
  readonly type: 'app' | 'user' | 'member' | 'visitor' | 'unknown';
  /** The person's key. */
  readonly key: ActorKey | null;
  readonly name: string | null;
  readonly instanceId: string | null;
}

/** `GET requests/:id`: with headers and body, credentials replaced by `[redacted]`. */
export interface RequestDetails extends RequestView {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What would be cheaper, in one line. */
export interface HintView {
  readonly id: string;
  readonly text: string;
  /** How many requests it is about. */
  readonly count: number;
  /** The requests it is about are those to this path. */
  readonly path: string;
}

/** `GET faults`. */
export interface FaultsView {
  readonly endpoints: readonly EndpointView[];
  readonly kinds: readonly FaultKindView[];
  readonly faults: readonly FaultView[];
}

/** An endpoint of the emulated Wix. */
export interface EndpointView {
  readonly method: string;
  readonly path: string;
  /** What to give as `path` of a fault: parameters replaced by `*`. */
  readonly faultPath: string;
}

/** A kind of fault, for the columns of the page. */
export interface FaultKindView {
  readonly kind: FaultKind;
  readonly title: string;
}

/** What goes wrong. */
export type FaultKind =
  | 'slow'
  | 'hang'
  | 'throttled'
  | 'throttled-with-retry-after'
  | 'error-500'
  | 'html'
  | 'empty'
  | 'malformed'
  | 'reset'
  | 'reset-mid-body';

/** `POST faults`. */
export interface NewFault {
  readonly kind: FaultKind;
  /** A path, one that ends in `*`, or `*` for every endpoint. */
  readonly path: string;
  /** @default any */
  readonly method?: string | null;
  /** How many requests it hits. @default all */
  readonly times?: number | null;
  /** How long it lasts. @default until it is switched off */
  readonly seconds?: number | null;
  /** Of `slow`. @default 3000 */
  readonly delayMs?: number | null;
  /** Of `throttled-with-retry-after`. @default 5 */
  readonly retryAfterSeconds?: number | null;
}

/** An active fault. */
export interface FaultView extends Required<NewFault> {
  readonly id: number;
  readonly hits: number;
  readonly endsAt: number | null;
}

/** `GET variants`; `PATCH variants` takes `{ name: value }`. */
export interface VariantView {
  readonly name: string;
  readonly value: string | number | boolean | null;
  readonly default: string | number | boolean | null;
  /** The values to choose from; `null` for a number. `null` as a value of a number is "no limit". */
  readonly choices: readonly (string | number | boolean)[] | null;
  /** What it is, and where Wix is known to differ. */
  readonly text: string;
}

/** What `GET stream` sends, each as `event: <name>` with the JSON as `data:`. */
export interface StreamEvents {
  /** The first one. */
  readonly hello: { readonly now: number };
  readonly request: RequestView;
  readonly requestsCleared: Readonly<Record<string, never>>;
  readonly hints: readonly HintView[];
  readonly delivery: DeliveryView;
  readonly deliveriesCleared: Readonly<Record<string, never>>;
  readonly faults: readonly FaultView[];
  readonly installStep: InstallStep;
  readonly connection: { readonly appId: string; readonly connection: ConnectionView };
  /** Apps, sites, people, grants, installations or variants changed: read what is shown again. */
  readonly world: Readonly<Record<string, never>>;
}

/** Every refusal of the API: the status says which kind, the text what to do. */
export interface ApiError {
  readonly error: string;
}

/** What the app's page and the console say to each other by `postMessage`: see the chapter on the dashboard. */
export type DashboardMessage =
  /** From the app's page to the window above it. */
  | { readonly type: 'wix-emulator:token-request'; readonly id: string }
  /** The answer, to the page's own window and {@link DashboardPage.origin} only. */
  | { readonly type: 'wix-emulator:token'; readonly id: string; readonly token: string; readonly expiresAt: number }
  | { readonly type: 'wix-emulator:token-error'; readonly id: string; readonly message: string };
