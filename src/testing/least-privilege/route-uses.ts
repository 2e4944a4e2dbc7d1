import type { WixRoute } from '../../index.js';
import type { CallRecorder } from './recording/call-recorder.js';
import { EndpointCalls, type CalledEndpoint } from './called-endpoints.js';
import { declaredBy } from './declared-scopes.js';
import { findingsOf, type LeastPrivilegeFinding } from './findings.js';
import type { WixCall } from './recording/recorded-calls.js';
import { routesOfRequest, routesOfRun } from './route-matching.js';
import { ScopeCover, type ContentsOf } from './scope-cover.js';

/** What a route declares and what it called. */
export interface RouteUse {
  /** How messages name it, such as `POST /orders` or `event AppInstalled`. */
  readonly name: string;
  /** Class and method. */
  readonly handler: string;
  /** Who may call it. */
  readonly callers: readonly string[];
  /** The scopes it declares; of a group of which one is enough, all. */
  readonly declares: readonly (readonly string[])[];
  /** How often it was called and admitted the caller. */
  readonly called: number;
  /** What it called at Wix. */
  readonly endpoints: readonly CalledEndpoint[];
  /** What is declared and not needed, and needed and not declared. */
  readonly findings: readonly LeastPrivilegeFinding[];
}

/** What every route of an application called, and what was called elsewhere. */
export async function routeUsesOf(
  routes: readonly WixRoute[],
  recorded: Pick<CallRecorder, 'requests' | 'runs' | 'elsewhere'>,
  contentsOf: ContentsOf,
): Promise<{ readonly routes: readonly RouteUse[]; readonly elsewhere: readonly CalledEndpoint[] }> {
  const uses = new Uses(routes, recorded);
  const cover = new ScopeCover(routes, contentsOf);
  return {
    routes: await Promise.all(
      routes.map(async (route) => {
        const { called, calls } = uses.of(route);
        const endpoints = await calls.list();
        return {
          ...declarationOf(route),
          called,
          endpoints,
          findings: findingsOf({ route, called, endpoints, cover }),
        };
      }),
    ),
    elsewhere: await uses.elsewhere.list(),
  };
}

const declarationOf = (route: WixRoute): Pick<RouteUse, 'name' | 'handler' | 'callers' | 'declares'> => ({
  name: route.name,
  handler: route.handler,
  callers: route.access === 'guarded' ? route.callers : [route.access],
  declares: declaredBy(route),
});

interface Use {
  called: number;
  readonly calls: EndpointCalls;
}

/** What was recorded, by route. */
class Uses {
  readonly elsewhere = new EndpointCalls();
  readonly #byRoute = new Map<WixRoute, Use>();

  constructor(
    routes: readonly WixRoute[],
    { requests, runs, elsewhere }: Pick<CallRecorder, 'requests' | 'runs' | 'elsewhere'>,
  ) {
    for (const request of requests) this.#add(routesOfRequest(routes, request), request.calls);
    for (const run of runs) this.#add(routesOfRun(routes, run), run.calls);
    elsewhere.forEach((call) => this.elsewhere.add(call));
  }

  of(route: WixRoute): Use {
    const use = this.#byRoute.get(route) ?? { called: 0, calls: new EndpointCalls() };
    this.#byRoute.set(route, use);
    return use;
  }

  // Of several fields of one GraphQL query it is not known which of them called what.
  #add(routes: readonly WixRoute[], calls: readonly WixCall[]): void {
    for (const route of routes) {
      const use = this.of(route);
      use.called += 1;
      calls.forEach((call) => use.calls.add(call, routes.length > 1));
    }
  }
}
