import type { PlacedApp } from '../../scenario/emulated-scenario.js';
import type { InstallFaultChoice, InstallFaults, InstallFlow, InstallPage } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { queryParam, type ApiRoute } from '../http/api-route.js';
import { appById } from '../people/lookups.js';
import type { InstallSteps } from './install-steps.js';

const faultChoices: readonly InstallFaultChoice[] = [
  { name: 'state', title: 'The state is dropped or another one', values: ['dropped', 'altered', 'replayed'] },
  { name: 'code', title: 'The code was used before, or is too old', values: ['reused', 'expired'] },
  {
    name: 'signedInstance',
    title: 'The signed instance is missing or wrong',
    values: [
      'absent',
      'forged',
      'other-app',
      'of-visitor',
      'of-member',
      'of-collaborator',
      'expired',
      'earlier',
      'replayed',
    ],
  },
  { name: 'cookie', title: "The browser comes back without the app's cookie", values: ['lost'] },
];

/** The Install page. */
export const installRoutes = (context: ConsoleContext, steps: InstallSteps): readonly ApiRoute[] => [
  {
    method: 'GET',
    path: 'install',
    handle: (call) => installPage(context, steps, appById(context, queryParam(call, 'appId'))),
  },
  {
    method: 'PUT',
    path: 'install/faults',
    body: {
      type: 'object',
      properties: Object.fromEntries(faultChoices.map(({ name, values }) => [name, { enum: values }])),
      additionalProperties: false,
    },
    handle: ({ body }) => setFaults(context, body as InstallFaults),
  },
  { method: 'DELETE', path: 'install/steps', handle: () => steps.clear() },
];

const installPage = (context: ConsoleContext, steps: InstallSteps, placed: PlacedApp): InstallPage => ({
  flows: [externalFlow(context, placed), customFlow(context, placed)],
  faults: faultsOf(context),
  faultChoices,
  steps: steps.all,
});

function externalFlow({ run }: ConsoleContext, { app }: PlacedApp): InstallFlow {
  const hasUrl = app.websiteUrl !== undefined;
  return {
    flow: 'external',
    title: 'External install flow',
    startUrl: hasUrl ? `${run.url()}/app-market/${app.appId}` : null,
    problem: hasUrl ? null : MISSING('websiteUrl', "the app's page that starts it"),
  };
}

function customFlow({ run }: ConsoleContext, { app }: PlacedApp): InstallFlow {
  const hasUrl = app.appUrl !== undefined && app.redirectUrls.length > 0;
  return {
    flow: 'custom-authentication',
    title: 'Custom authentication (closed to new apps)',
    startUrl: hasUrl ? `${run.url()}/app-market/${app.appId}` : null,
    problem: hasUrl ? null : MISSING('appUrl and redirectUrls', 'the App URL and where Wix may send browsers back to'),
  };
}

const MISSING = (name: string, what: string): string => `Set ${name} of the app in wix-emulator.json: ${what}.`;

function faultsOf({ parts }: ConsoleContext): InstallFaults {
  const { faults } = parts.platform.installer;
  const set = faultChoices.flatMap(({ name }) => {
    const value = faults[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}

function setFaults(context: ConsoleContext, wanted: InstallFaults): InstallFaults {
  const all = faultChoices.map(({ name }) => [name, wanted[name]]);
  Object.assign(context.parts.platform.installer.faults, Object.fromEntries(all));
  return faultsOf(context);
}
