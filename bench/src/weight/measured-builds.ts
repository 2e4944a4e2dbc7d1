import { median, shuffle } from 'simple-statistics';

import { freshRun } from '../process/fresh-run.js';
import type { Cores } from '../process/cores.js';
import { argsOf, type Build } from './build.js';
import type { ImportCost } from './import.process.js';
import type { LoadedModules } from './modules.process.js';
import type { StartUpCost } from './start-up.process.js';

/** Milliseconds of processor time: medians over fresh processes. */
export interface Times {
  /** The main entry in a process that has loaded nothing, and what of it comes after NestJS is there. */
  readonly importMs: number;
  readonly entryMs: number;
  /** What the module adds to the start of an application with one route. */
  readonly startUpMs: number;
  /** What each further route behind one of our guards adds to that. */
  readonly routeMs: number;
}

type Sample = ImportCost & { readonly oneRouteMs: number; readonly manyRoutesMs: number };

const FEW_ROUTES = 1;
const MANY_ROUTES = 1_001;

const file = (name: string): URL => new URL(`${name}.process.js`, import.meta.url);

/** Measures builds in turns, beside NestJS without any of them: whatever disturbs the machine disturbs them all. */
export function measuredBuilds(builds: readonly Build[], rounds: number, cores: Cores): ReadonlyMap<Build, Times> {
  const bare: Build = { format: 'esm', folder: '' };
  const measured = Array.from({ length: rounds }, () => oneRound([bare, ...builds], cores));
  return new Map(builds.map((build) => [build, timesOf(build, bare, measured)]));
}

const oneRound = (builds: readonly Build[], cores: Cores): ReadonlyMap<Build, Sample> =>
  new Map(shuffle([...builds]).map((build) => [build, sampleOf(build, cores)]));

function sampleOf(build: Build, { measured: core }: Cores): Sample {
  const startUp = (routes: number): number =>
    (freshRun(file('start-up'), [...argsOf(build), String(routes)], core) as StartUpCost).startUpMs;
  return {
    ...(freshRun(file('import'), argsOf(build), core) as ImportCost),
    oneRouteMs: startUp(FEW_ROUTES),
    manyRoutesMs: startUp(MANY_ROUTES),
  };
}

function timesOf(build: Build, bare: Build, rounds: readonly ReadonlyMap<Build, Sample>[]): Times {
  const middle = (of: (own: Sample, without: Sample) => number): number =>
    median(rounds.map((round) => of(sampleIn(round, build), sampleIn(round, bare))));
  const routesMs = ({ oneRouteMs, manyRoutesMs }: Sample): number =>
    (manyRoutesMs - oneRouteMs) / (MANY_ROUTES - FEW_ROUTES);
  return {
    importMs: middle(({ nestMs, entryMs }) => nestMs + entryMs),
    entryMs: middle(({ entryMs }) => entryMs),
    startUpMs: middle((own, without) => own.oneRouteMs - without.oneRouteMs),
    routeMs: middle((own, without) => routesMs(own) - routesMs(without)),
  };
}

function sampleIn(round: ReadonlyMap<Build, Sample>, build: Build): Sample {
  const sample = round.get(build);
  if (sample === undefined) throw new Error('Each round measures every build.');
  return sample;
}

/** What importing the main entry loads. */
export const loadedModules = (build: Build): LoadedModules =>
  freshRun(file('modules'), argsOf(build), undefined) as LoadedModules;
