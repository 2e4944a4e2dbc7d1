import type { Platform } from '../platform.js';
import type { RecordedRequest } from '../request-log.js';
import { emptyAnswer, Refused, type Answer } from '../wire/answer.js';
import { fieldsOf } from '../wire/request-body.js';
import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { EmulatedSite } from '../world/emulated-site.js';
import { errorPage } from './pages.js';

/** The text fields of a submitted form. */
export function submitted({ body }: RecordedRequest): Readonly<Record<string, string>> {
  const texts = Object.entries(fieldsOf(body)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** The app a page was opened for. */
export function appOf({ world }: Platform, appId = ''): EmulatedApp {
  const app = world.app(appId);
  if (!app) throw new Refused(errorPage("We couldn't find this app.", `There is no app ${appId}.`));
  return app;
}

/** Installs the app on the chosen site, as the owner agreed; again if it was there before. */
export function installOn({ world }: Platform, app: EmulatedApp, siteId: string | undefined): EmulatedInstall {
  const site = world.sites.find((candidate) => candidate.siteId === siteId);
  if (!site) throw new Refused(errorPage('Choose a site.', `There is no site ${siteId ?? ''}.`));
  const known = installationOn(world.installsOf(app), site);
  if (!known) return world.install(app, site, { grants: app.scopes });
  known.reinstall([...known.grants, ...app.scopes]);
  return known;
}

const installationOn = (installs: readonly EmulatedInstall[], site: EmulatedSite): EmulatedInstall | undefined =>
  installs.find((install) => install.site === site);

/** Sends the browser back to the app, with the planned faults. */
export function sendBack({ installer }: Platform, address: string, query: Query): Answer {
  const { callbackUrl = address, ...faults } = installer.faults;
  const url = new URL(callbackUrl);
  // The query of the app's own address is preserved.
  new URL(address).searchParams.forEach((value, name) => url.searchParams.set(name, value));
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  if (faults.cookie === 'lost') url.hostname = url.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  spoilState(url, faults.state, installer.callbacks.at(-1));
  installer.callbacks.push(url);
  return emptyAnswer(302, { location: url.href });
}

type Query = Readonly<Record<string, string | undefined>>;

function spoilState(url: URL, fault: string | undefined, before: URL | undefined): void {
  const state = url.searchParams.get('state') ?? '';
  if (fault === 'dropped') url.searchParams.delete('state');
  if (fault === 'altered')
    url.searchParams.set(
      'state',
      state.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    );
  if (fault === 'replayed') url.searchParams.set('state', before?.searchParams.get('state') ?? state);
}

/** Whether an address is one Wix would send a browser to. */
export const isCallbackAddress = (address: string): boolean =>
  URL.canParse(address) && (address.startsWith('https:') || isLoopback(new URL(address).hostname));

const isLoopback = (host: string): boolean => host === 'localhost' || host.startsWith('127.');
