import type { RecordedRequest } from '../../request-log.js';
import type { InstallStep } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import type { Deliveries } from '../events/deliveries.js';
import { allInstalls } from '../people/lookups.js';
import { redactedUrl } from '../requests/redaction.js';

const MAX_STEPS = 500;

const TITLES: readonly (readonly [step: string, title: string])[] = [
  ['GET /app-market/', 'The App Market shows the app'],
  ['GET /app-installer', 'The app sent the browser to Wix: the owner is asked (external flow)'],
  ['POST /app-installer', 'The owner agreed'],
  ['GET /installer/install', 'The app sent the browser to Wix: the owner is asked (custom authentication)'],
  ['POST /installer/install', 'The owner agreed'],
  ['POST /oauth/access', 'The app exchanges what it got for tokens'],
  ['GET /installer/close-window', 'The app sent the browser to the last page'],
];

/** The steps of installations; sends the app an event for those that succeed, as Wix does. */
export class InstallSteps {
  readonly #context: ConsoleContext;
  readonly #deliveries: Deliveries;
  #steps: InstallStep[] = [];
  #lastId = 0;
  #installed: ReadonlySet<string>;

  constructor(context: ConsoleContext, deliveries: Deliveries) {
    this.#context = context;
    this.#deliveries = deliveries;
    this.#installed = this.#nowInstalled();
    context.parts.log.onRequest((request) => this.#follow(request));
  }

  /** Oldest first. */
  get all(): readonly InstallStep[] {
    return this.#steps;
  }

  clear(): void {
    this.#steps = [];
  }

  /** Treats what is installed now as already reported. */
  settle(): void {
    this.#installed = this.#nowInstalled();
  }

  #follow(request: RecordedRequest): void {
    const step = `${request.method} ${request.path}`;
    const title = TITLES.find(([start]) => step.startsWith(start))?.[1];
    if (title === undefined) return;
    const { callbacks } = this.#context.parts.platform.installer;
    const before = callbacks.length;
    void request.settled.then(() => {
      const { status = null, note = null } = request;
      this.#add({ title, url: redactedUrl(request.url), status, note });
      for (const callback of callbacks.slice(before)) this.#addCallback(callback);
      this.#tellApp();
    });
  }

  #addCallback(callback: URL): void {
    const names = [...callback.searchParams.keys()].join(', ');
    const note = `It brings: ${names}.`;
    this.#add({ title: 'Wix sends the browser back to the app', url: redactedUrl(callback.href), status: null, note });
  }

  #add(step: Omit<InstallStep, 'id' | 'at'>): void {
    this.#lastId += 1;
    const added = { id: this.#lastId, at: this.#context.parts.platform.now(), ...step };
    this.#steps = [...this.#steps, added].slice(-MAX_STEPS);
    this.#context.stream.send('installStep', added);
  }

  #tellApp(): void {
    const before = this.#installed;
    this.#installed = this.#nowInstalled();
    const added = allInstalls(this.#context).filter(
      ({ instanceId, isInstalled }) => isInstalled && !before.has(instanceId),
    );
    for (const install of added) void this.#deliveries.send(install, { type: 'AppInstalled' });
    if (added.length > 0) this.#context.worldChanged();
  }

  #nowInstalled(): ReadonlySet<string> {
    const installed = allInstalls(this.#context).filter(({ isInstalled }) => isInstalled);
    return new Set(installed.map(({ instanceId }) => instanceId));
  }
}
