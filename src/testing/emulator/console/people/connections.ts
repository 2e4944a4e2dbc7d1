import { connect } from 'node:net';

import type { PlacedApp } from '../../scenario/emulated-scenario.js';
import type { CheckView, ConnectionView } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import type { Deliveries } from '../events/deliveries.js';
import { isWixPage } from '../installing/wix-pages.js';
import { allInstalls } from './lookups.js';

const PROBE_TIMEOUT_MS = 1_000;

/** Whether an app runs, and which requests it has sent. Opens a connection to its port, and sends nothing. */
export async function connectionOf(
  context: ConsoleContext,
  placed: PlacedApp,
  deliveries: Deliveries,
): Promise<ConnectionView> {
  const problem = await problemWith(placed.url);
  const { platform, log } = context.parts;
  return {
    reachable: problem === null,
    problem,
    checkedAt: platform.now(),
    lastRequestAt: log.entries.findLast(({ path }) => !isWixPage(path))?.at ?? null,
    checks: [
      reachableCheck(placed.url, problem),
      installedCheck(context, placed),
      webhookCheck(placed, deliveries),
      guardedCheck(context),
    ],
  };
}

/** Why no connection to an address can be opened, or `null`. */
export function problemWith(url: string): Promise<string | null> {
  const { hostname, port, protocol } = new URL(url);
  const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: portNumber, timeout: PROBE_TIMEOUT_MS });
    const finish = (problem: string | null): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => finish(null));
    socket.once('timeout', () => finish(`${url} does not answer.`));
    socket.once('error', () => finish(`Nothing listens at ${url}.`));
  });
}

const reachableCheck = (url: string, problem: string | null): CheckView => ({
  id: 'reachable',
  title: 'The app is reachable',
  state: problem === null ? 'yes' : 'no',
  text: problem === null ? url : `${problem} Start your app with the lines for .env.`,
});

function installedCheck(context: ConsoleContext, { app }: PlacedApp): CheckView {
  const sites = allInstalls(context).filter((install) => install.app === app && install.isInstalled);
  const names = sites.map(({ site }) => site.name).join(', ');
  const text = names === '' ? 'Add it on the Install page.' : `On ${names}.`;
  return { id: 'installed', title: 'The app is on a site', state: names === '' ? 'no' : 'yes', text };
}

function webhookCheck({ app, paths }: PlacedApp, deliveries: Deliveries): CheckView {
  const common = { id: 'webhook', title: 'The app takes webhooks' } as const;
  const last = deliveries.all.find((delivery) => delivery.install.app === app && delivery.forgery === null);
  const attempt = last?.attempts.at(-1);
  if (!attempt) return { ...common, state: 'unknown', text: 'Send AppInstalled on the Events page.' };
  const taken = last?.attempts.some(({ status, late }) => status === 200 && !late) ?? false;
  const answered = attempt.status === 0 ? 'with nothing' : `with ${attempt.status.toString()}`;
  return {
    ...common,
    state: taken ? 'yes' : 'no',
    text: taken ? paths.webhooks : `The last one was answered ${answered}.`,
  };
}

function guardedCheck({ parts }: ConsoleContext): CheckView {
  const isSeen = parts.log.count('/oauth2/token-info') > 0;
  return {
    id: 'guarded-request',
    title: 'A guarded request was seen',
    state: isSeen ? 'yes' : 'unknown',
    text: isSeen ? 'The app asked Wix about a token.' : 'Call a guarded route on the page Try it.',
  };
}
