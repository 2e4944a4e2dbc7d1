import type { AppView, ConnectionView, Overview } from '../console-api.js';
import type { PlacedApp } from '../../scenario/emulated-scenario.js';
import type { ConsoleContext } from '../console-context.js';
import type { Deliveries } from '../events/deliveries.js';
import type { FaultSwitches } from '../faults/fault-switches.js';
import type { ApiRoute } from '../http/api-route.js';
import { connectionOf } from './connections.js';
import { envLines } from './env-lines.js';
import { allInstalls } from './lookups.js';
import { installView, siteView } from './views.js';

/** `GET overview`. */
export const overviewRoutes = (
  context: ConsoleContext,
  deliveries: Deliveries,
  faults: FaultSwitches,
): readonly ApiRoute[] => [{ method: 'GET', path: 'overview', handle: () => overviewOf(context, deliveries, faults) }];

async function overviewOf(context: ConsoleContext, deliveries: Deliveries, faults: FaultSwitches): Promise<Overview> {
  const { run, scenario, parts } = context;
  const apps = scenario.apps.map(async (placed) =>
    appView(placed, run.url(), await connectionOf(context, placed, deliveries)),
  );
  return {
    emulator: {
      version: run.version,
      url: run.url(),
      startedAt: run.startedAtMs,
      now: parts.platform.now(),
      hasFolder: run.writeHeader !== undefined,
    },
    apps: await Promise.all(apps),
    sites: scenario.sites.map(siteView),
    installs: allInstalls(context).map(installView),
    activeFaults: faults.all.length,
  };
}

function appView({ key, app, url, paths }: PlacedApp, wixUrl: string, connection: ConnectionView): AppView {
  const { appId, name, scopes } = app;
  return {
    ...{ appId, key, name, scopes, url },
    webhooksUrl: `${url}${paths.webhooks}`,
    dashboardUrl: `${url}${paths.dashboard}`,
    pluginsUrl: `${url}${paths.plugins}`,
    env: envLines(app, wixUrl).map((line) => ({ ...line, value: line.secret ? null : line.value })),
    connection,
  };
}
