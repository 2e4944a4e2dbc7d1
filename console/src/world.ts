import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

import type {
  AppView,
  DeliveryView,
  FaultView,
  HintView,
  InstallStep,
  InstallView,
  Overview,
  PersonView,
  RequestView,
  SiteView,
} from '../../src/testing/emulator/console/console-api.js';
import type { ConsoleApi, ConsoleError, StreamEvent } from './api.js';
import type { ChangeView, View } from './view.js';

/** What the program reported last. */
export interface World {
  readonly overview: Overview | null;
  readonly requests: readonly RequestView[];
  readonly hints: readonly HintView[];
  readonly deliveries: readonly DeliveryView[];
  readonly faults: readonly FaultView[];
  readonly steps: readonly InstallStep[];
  /** Counts the changes of apps, sites, people, grants and variants: what a page shows of them is read again. */
  readonly version: number;
  /** Why there are no updates. */
  readonly problem: ConsoleError | null;
}

const NOTHING: World = {
  overview: null,
  requests: [],
  hints: [],
  deliveries: [],
  faults: [],
  steps: [],
  version: 0,
  problem: null,
};

const SHOWN_AT_MOST = 1_000;

/** What was chosen at the top of the console. */
export interface Choice {
  readonly app: AppView | null;
  readonly site: SiteView | null;
  readonly person: PersonView | null;
  readonly install: InstallView | null;
}

/** What every page works with. */
export interface ConsoleContext extends Choice {
  readonly api: ConsoleApi;
  readonly world: World;
  readonly view: View;
  readonly changeView: ChangeView;
}

export const ConsoleContext = createContext<ConsoleContext | null>(null);

/** What every page works with. */
export function useConsole(): ConsoleContext {
  const context = useContext(ConsoleContext);
  if (context === null) throw new Error('Not in the console.');
  return context;
}

/** What the address names, or the first of each: an installed site before others, the owner before others. */
export function choiceOf(overview: Overview | null, view: View): Choice {
  if (overview === null) return { app: null, site: null, person: null, install: null };
  const app = overview.apps.find(({ appId }) => appId === view.app) ?? overview.apps[0] ?? null;
  const installs = overview.installs.filter(({ appId }) => appId === app?.appId);
  const installed = installs.find(({ isInstalled }) => isInstalled)?.siteId;
  const site =
    overview.sites.find(({ siteId }) => siteId === view.site) ??
    overview.sites.find(({ siteId }) => siteId === installed) ??
    overview.sites[0] ??
    null;
  const person = site?.people.find(({ key }) => key === view.as) ?? site?.people[0] ?? null;
  return { app, site, person, install: installs.find(({ siteId }) => siteId === site?.siteId) ?? null };
}

/** Reads everything once, and then follows the stream. A stream that ends is opened again. */
export function useWorld(api: ConsoleApi): World {
  const [world, setWorld] = useState(NOTHING);
  useEffect(() => follow(api, setWorld), [api]);
  return world;
}

type SetWorld = (change: (world: World) => World) => void;

const RETRY_MS = 1_000;

function follow(api: ConsoleApi, setWorld: SetWorld): () => void {
  const ended = new AbortController();
  const run = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await api
        .stream(ended.signal, (event) => {
          setWorld((world) => updated(world, event));
          if (event.name === 'hello') void readAll(api, setWorld);
          if (event.name === 'world') void readOverview(api, setWorld);
        })
        .catch((problem: unknown) => {
          setWorld((world) => ({ ...world, problem: problem as ConsoleError }));
        });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  void run();
  return () => {
    ended.abort();
  };
}

async function readAll(api: ConsoleApi, setWorld: SetWorld): Promise<void> {
  const [{ requests, hints }, deliveries, { faults }] = await Promise.all([
    api.get<{ requests: RequestView[]; hints: HintView[] }>('requests'),
    api.get<DeliveryView[]>('deliveries'),
    api.get<{ faults: FaultView[] }>('faults'),
  ]);
  setWorld((world) => ({ ...world, requests, hints, deliveries, faults, problem: null }));
  await readOverview(api, setWorld);
}

async function readOverview(api: ConsoleApi, setWorld: SetWorld): Promise<void> {
  const overview = await api.get<Overview>('overview');
  setWorld((world) => ({ ...world, overview, version: world.version + 1 }));
}

/** The world after an event of the stream. */
function updated(world: World, event: StreamEvent): World {
  switch (event.name) {
    case 'hello':
      return { ...world, problem: null };
    case 'request':
      return { ...world, requests: withItem(world.requests, event.data).slice(-SHOWN_AT_MOST) };
    case 'requestsCleared':
      return { ...world, requests: [], hints: [] };
    case 'hints':
      return { ...world, hints: event.data };
    case 'delivery':
      return { ...world, deliveries: withItem([...world.deliveries].reverse(), event.data).reverse() };
    case 'deliveriesCleared':
      return { ...world, deliveries: [] };
    case 'faults':
      return { ...world, faults: event.data };
    case 'installStep':
      return { ...world, steps: withItem(world.steps, event.data) };
    case 'connection':
      return { ...world, overview: connected(world.overview, event.data) };
    case 'world':
      return world;
  }
}

/** A list with an item in the place of the one with the same id, or at the end. */
function withItem<T extends { readonly id: number }>(items: readonly T[], item: T): T[] {
  const at = items.findIndex(({ id }) => id === item.id);
  return at === -1 ? [...items, item] : items.with(at, item);
}

function connected(
  overview: Overview | null,
  data: { appId: string; connection: AppView['connection'] },
): Overview | null {
  return overview === null
    ? null
    : {
        ...overview,
        apps: overview.apps.map((app) => (app.appId === data.appId ? { ...app, connection: data.connection } : app)),
      };
}
