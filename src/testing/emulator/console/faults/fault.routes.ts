import type { ConsoleContext } from '../console-context.js';
import type { EndpointView, FaultsView, NewFault } from '../console-api.js';
import { ApiRefusal, Created, param, type ApiRoute } from '../http/api-route.js';
import { faultKinds } from './fault-kinds.js';
import type { FaultSwitches } from './fault-switches.js';

const count = { type: ['integer', 'null'], minimum: 1 } as const;

/** The Faults page. */
export const faultRoutes = (context: ConsoleContext, switches: FaultSwitches): readonly ApiRoute[] => [
  { method: 'GET', path: 'faults', handle: () => faultsView(context, switches) },
  {
    method: 'POST',
    path: 'faults',
    body: {
      type: 'object',
      required: ['kind', 'path'],
      properties: {
        kind: { enum: faultKinds.map(({ kind }) => kind) },
        path: { type: 'string', pattern: '^(/|\\*$)', title: 'a path, or *' },
        method: { type: ['string', 'null'] },
        times: count,
        seconds: { type: ['number', 'null'], minimum: 0.1, maximum: 86_400 },
        delayMs: { type: ['integer', 'null'], minimum: 0, maximum: 600_000 },
        retryAfterSeconds: { type: ['integer', 'null'], minimum: 0 },
      },
      additionalProperties: false,
    },
    handle: ({ body }) => new Created(switches.switchOn(body as NewFault)),
  },
  { method: 'DELETE', path: 'faults', handle: () => switches.clear() },
  {
    method: 'DELETE',
    path: 'faults/:id',
    handle: (call) => {
      if (!switches.switchOff(Number(param(call, 'id')))) throw new ApiRefusal(404, 'This fault is over already.');
    },
  },
];

const faultsView = ({ parts }: ConsoleContext, switches: FaultSwitches): FaultsView => ({
  endpoints: parts.router.endpoints.map(({ method, path }) => endpointView(method, path)),
  kinds: faultKinds,
  faults: switches.all,
});

// A fault's path can end in `*` only.
const endpointView = (method: string, path: string): EndpointView => ({
  method,
  path,
  faultPath: path.replace(/:.*/, '*'),
});
