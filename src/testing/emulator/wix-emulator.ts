import { assembleEmulator, type EmulatorParts } from './emulator-parts.js';
import { servedEndpoint, type ServedCall, type ServeOptions } from './endpoints/served.js';
import type { ActiveFault, EmulatorFault } from './faults.js';
import type { EmulatedInstaller } from './install/emulated-installer.js';
import type { RecordedRequest, RequestFilter } from './request-log.js';
import { buildScenario } from './scenario/build-scenario.js';
import type { EmulatedScenario } from './scenario/emulated-scenario.js';
import { readScenario } from './scenario/read-scenario.js';
import { NewIds } from './scenario/scenario-ids.js';
import { WixEmulatorMint } from './tokens/mint.js';
import type { TokenSubject } from './tokens/token-ledger.js';
import type { WixEmulatorVariants } from './variants.js';
import { WixEmulatorSender } from './webhooks/sender.js';
import type { WixEmulatorOptions } from './wix-emulator.options.js';
import type { EmulatedApp, EmulatedAppOptions } from './world/emulated-app.js';
import type { EmulatedInstall, EmulatedInstallOptions } from './world/emulated-install.js';
import type { EmulatedSite, EmulatedSiteOptions } from './world/emulated-site.js';

// Taken when the module loads, so that fake timers installed later by a test do not stop the emulator.
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;

/**
 * A Wix platform in this process: apps, sites, installations and people, and the HTTP endpoints that know them.
 *
 * Point your app's `apiUrl` at {@link url}, mint the credentials Wix's front ends would send, and keep your guards on
 * while testing. It holds everything in memory, discards it when stopped, and checks credentials as Wix does, with its
 * own code. Where Wix's behavior is only a guess, it is a variant: see {@link WixEmulatorVariants}.
 *
 * @example
 * const wix = await WixEmulator.start();
 * const app = wix.addApp();
 * const site = wix.addSite();
 * const install = wix.install(app, site, { grants: ['SCOPE.DC-STORES.READ-PRODUCTS'] });
 * const token = wix.mint.userToken(install, site.owner);
 * // … start your app with { appId: app.appId, appSecret: app.appSecret, apiUrl: wix.url } and call it with the token
 * await wix.stop();
 */
export class WixEmulator {
  /** The base URL, such as `http://127.0.0.1:40123`: what `https://www.wixapis.com` is in reality. */
  readonly url: string;
  /** Makes the credentials Wix would. */
  readonly mint: WixEmulatorMint;
  /** Sends what Wix sends to an app: webhooks, service plugin requests, requests with a digest. */
  readonly send: WixEmulatorSender;
  /** How the platform behaves where Wix's behavior varies or is unknown. Change it at any time. */
  readonly variants: WixEmulatorVariants;
  /** The pages a site owner installs an app with, for a browser or `fetch`. */
  readonly installer: EmulatedInstaller;
  readonly #parts: EmulatorParts;
  readonly #scenario: EmulatedScenario | undefined;

  private constructor(url: string, parts: EmulatorParts, scenario: EmulatedScenario | undefined) {
    this.url = url;
    this.variants = parts.platform.variants;
    this.installer = parts.platform.installer;
    this.mint = new WixEmulatorMint(parts.platform);
    this.send = new WixEmulatorSender(parts.platform.now);
    this.#parts = parts;
    this.#scenario = scenario;
  }

  /**
   * Starts a platform, without apps and sites unless `config` names a scenario. Stop it when your tests are done.
   *
   * @throws {ScenarioError} naming every mistake of the scenario
   */
  static async start(options: WixEmulatorOptions = {}): Promise<WixEmulator> {
    const file = options.config === undefined ? undefined : await readScenario(options.config);
    const parts = assembleEmulator({ ...options, variants: { ...file?.variants, ...options.variants } });
    const scenario = file && buildScenario(parts.platform.world, file, new NewIds());
    return new WixEmulator(await parts.server.start(options.port ?? 0), parts, scenario);
  }

  /** What the scenario of `config` made, by its keys. Throws when none was given. */
  get scenario(): EmulatedScenario {
    if (this.#scenario) return this.#scenario;
    throw new Error('This emulator has no scenario: give one to WixEmulator.start({ config }).');
  }

  /** Cuts all connections and frees the port. */
  async stop(): Promise<void> {
    this.send.close();
    await this.#parts.server.stop();
  }

  /** Does what {@link stop} does, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Registers an app. */
  addApp(options?: EmulatedAppOptions): EmulatedApp {
    return this.#parts.platform.world.addApp(options);
  }

  /** Creates a site with its owner. */
  addSite(options?: EmulatedSiteOptions): EmulatedSite {
    return this.#parts.platform.world.addSite(options);
  }

  /** Installs an app on a site. Without `grants`, the site grants nothing. */
  install(app: EmulatedApp, site: EmulatedSite, options?: EmulatedInstallOptions): EmulatedInstall {
    return this.#parts.platform.world.install(app, site, options);
  }

  /**
   * The app's page in the App Market, for a browser: its "Add to Site" buttons lead to the app's `websiteUrl` (external
   * install flow) and to its `appUrl`, with a `token` (custom authentication).
   */
  marketUrl({ appId }: EmulatedApp): string {
    return `${this.url}/app-market/${appId}`;
  }

  /** Revokes an access token, a refresh token or a signed instance: token-info calls it inactive, APIs refuse it. */
  revoke(credential: string): void {
    this.#parts.platform.tokens.revoke(credential);
  }

  /** Who an access token acts as; `undefined` for what this platform did not issue. */
  subjectOf(token: string): TokenSubject | undefined {
    return this.#parts.platform.tokens.find(token)?.subject;
  }

  /**
   * Adds an endpoint of Wix that your app calls and the emulator lacks. The caller is identified as Wix does it; what
   * the handler returns is the JSON of a 200.
   *
   * @param route method and path, such as `'GET /members/v1/members/:id'`.
   */
  serve(route: string, options: ServeOptions, handler: (call: ServedCall) => unknown): void {
    this.#parts.router.add(servedEndpoint(route, options, handler));
  }

  /**
   * Makes requests to a path go wrong. Faults for the same path queue up: the oldest counts until it is over.
   *
   * @param path the path, one ending in `*` for all that begin so, or `'*'` for every path.
   */
  fail(path: string, fault: EmulatorFault): ActiveFault {
    return this.#parts.faults.plan(path, fault);
  }

  /** Scopes and permission ids with everything that, as far as the emulator knows, they contain. */
  contentsOf(scopes: readonly string[]): ReadonlySet<string> {
    return this.#parts.platform.scopes.expanded(scopes);
  }

  /** Ends all faults. */
  clearFaults(): void {
    this.#parts.faults.clear();
  }

  /** What arrived, oldest first, CORS preflights excepted. */
  get requests(): readonly RecordedRequest[] {
    return this.#parts.log.entries;
  }

  /** How many requests arrived since the start or {@link resetLog}; all, or those meant by path and filter. */
  count(path?: string, filter?: RequestFilter): number {
    return this.#parts.log.count(path, filter);
  }

  /** Clears the log. */
  resetLog(): void {
    this.#parts.log.reset();
  }

  /**
   * Waits until so many requests to a path have arrived, answered or not. Fails after `timeoutMs` (5,000 ms of real
   * time), saying what arrived instead.
   */
  async waitFor(
    path: string,
    filter: RequestFilter & { readonly times?: number; readonly timeoutMs?: number } = {},
  ): Promise<void> {
    const { times = 1, timeoutMs = 5_000 } = filter;
    await new Promise<void>((resolve, reject) => {
      const finish = (error?: Error): void => {
        realClearTimeout(timer);
        stopListening();
        if (error) reject(error);
        else resolve();
      };
      const check = (): void => {
        if (this.count(path, filter) >= times) finish();
      };
      const stopListening = this.#parts.log.onRequest(check);
      const timer = realSetTimeout(() => finish(new Error(this.#whatArrived(path, times))), timeoutMs);
      check();
    });
  }

  #whatArrived(path: string, times: number): string {
    const arrived = this.requests.map((request) => `${request.method} ${request.path}`);
    return `Waited for ${times.toString()} × ${path}. Arrived so far: ${arrived.join(', ') || 'nothing'}.`;
  }
}
