import type { IncomingMessage, ServerResponse } from 'node:http';

import { savedScenario } from '../scenario/saved-scenario.js';
import type { ConsoleContext } from './console-context.js';
import { Deliveries } from './events/deliveries.js';
import { eventRoutes } from './events/event.routes.js';
import { pluginRoutes } from './events/plugin.routes.js';
import { faultRoutes } from './faults/fault.routes.js';
import { FaultSwitches } from './faults/fault-switches.js';
import { variantRoutes } from './faults/variant.routes.js';
import { grantsRoutes } from './grants/grants.routes.js';
import type { ApiRoute } from './http/api-route.js';
import { pageFiles } from './http/console-pages.js';
import { ConsoleServer } from './http/console-server.js';
import type { GateSettings } from './http/gate.js';
import { installRoutes } from './installing/install.routes.js';
import { InstallSteps } from './installing/install-steps.js';
import { ConnectionWatch } from './people/connection-watch.js';
import { copyRoutes } from './people/copy.routes.js';
import { overviewRoutes } from './people/overview.routes.js';
import { RequestJournal } from './requests/request-journal.js';
import { requestRoutes } from './requests/request.routes.js';
import { tryRoutes } from './try/try.routes.js';

/** How the console is reached. */
export interface ConsoleSettings {
  readonly gate: GateSettings;
  /** The folder of the built page. @default a page that says there is none */
  readonly pageFolder?: string | undefined;
}

/** The console of an emulator: its page, its API and its stream. */
export class WixConsole {
  readonly #context: ConsoleContext;
  readonly #deliveries: Deliveries;
  readonly #faults: FaultSwitches;
  readonly #server: ConsoleServer;
  readonly #watch: ConnectionWatch;

  constructor(context: ConsoleContext, { gate, pageFolder }: ConsoleSettings) {
    const { parts, scenario, stream } = context;
    const { now } = parts.platform;
    this.#context = context;
    this.#deliveries = new Deliveries(context);
    this.#watch = new ConnectionWatch(context, this.#deliveries);
    this.#faults = new FaultSwitches(parts.faults, stream, now);
    parts.log.onRequest((request) => {
      void request.settled.then(() => request.faulty && this.#faults.tell());
    });
    const appOrigins = scenario.apps.map(({ url }) => url);
    this.#server = new ConsoleServer({
      gate,
      routes: this.#routes(),
      stream,
      pages: pageFiles(pageFolder),
      appOrigins,
      now,
    });
  }

  /** Answers a request if it is for the console; returns whether it was. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    return this.#server.handle(request, response);
  }

  /** Ends streams and cancels what is still to be sent. */
  close(): void {
    this.#watch.close();
    this.#deliveries.close();
    this.#faults.clear();
    this.#context.stream.close();
  }

  #routes(): readonly ApiRoute[] {
    const context = this.#context;
    const { parts, scenario } = context;
    const journal = new RequestJournal(context);
    const steps = new InstallSteps(context, this.#deliveries);
    return [
      ...overviewRoutes(context, this.#deliveries, this.#faults),
      ...copyRoutes(context),
      ...tryRoutes(context, journal),
      ...grantsRoutes(context, this.#deliveries, steps),
      ...eventRoutes(context, this.#deliveries),
      ...pluginRoutes(context),
      ...installRoutes(context, steps),
      ...requestRoutes(journal),
      ...faultRoutes(context, this.#faults),
      ...variantRoutes(context),
      {
        method: 'GET',
        path: 'state',
        handle: () => savedScenario(parts.platform.world, scenario, parts.platform.variants),
      },
    ];
  }
}
