import { isObject } from '../wire/request-body.js';
import { mistakesIn } from './json-schema.js';
import type { WixEmulatorScenario } from './scenario-file.js';
import { scenarioSchema } from './scenario-schema.js';

/** Why a scenario cannot be used: every mistake, a line each. */
export class ScenarioError extends Error {
  /** The mistakes, each with its place. */
  readonly mistakes: readonly string[];

  constructor(source: string, mistakes: readonly string[]) {
    super(
      `${source} has ${mistakes.length === 1 ? 'a mistake' : 'mistakes'}:\n${mistakes.map((one) => `- ${one}`).join('\n')}`,
    );
    this.name = 'ScenarioError';
    this.mistakes = mistakes;
  }
}

/** The value as a scenario. @throws {ScenarioError} naming every mistake */
export function checkedScenario(value: unknown, source: string): WixEmulatorScenario {
  const mistakes = [...mistakesIn(value, scenarioSchema).map(withReason), ...wrongReferences(value)];
  if (mistakes.length > 0) throw new ScenarioError(source, mistakes);
  return value as WixEmulatorScenario;
}

const withReason = (mistake: string): string =>
  /\.(appSecret|secret|privateKey|publicKey) is no setting/.test(mistake)
    ? mistake.replace(
        / is no setting.*/,
        ' does not belong here: this file is shared. The program makes secrets and keys.',
      )
    : mistake;

// What the schema cannot say. The value may be anything: mistakes found by the schema are reported as well.
function wrongReferences(value: unknown): readonly string[] {
  const [apps, sites, installs] = ['apps', 'sites', 'installs'].map((name) => objectsIn(value, name));
  return [
    ...repeated(apps ?? [], 'key', 'apps'),
    ...repeated(sites ?? [], 'key', 'sites'),
    ...(sites ?? []).flatMap((site, index) =>
      repeated(peopleOf(site), 'key', `The people of sites[${index.toString()}]`),
    ),
    ...unknown(installs ?? [], 'app', keysOf(apps ?? [])),
    ...unknown(installs ?? [], 'site', keysOf(sites ?? [])),
    ...repeated((installs ?? []).map(asPair), 'pair', 'installs'),
    ...['appId', 'siteId', 'instanceId'].flatMap((id, index) =>
      repeated([apps, sites, installs][index] ?? [], id, 'Ids'),
    ),
  ];
}

type Fields = Readonly<Record<string, unknown>>;

function objectsIn(value: unknown, name: string): readonly Fields[] {
  const list = isObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

const peopleOf = (site: Fields): readonly Fields[] => [
  { key: 'owner', ...(isObject(site['owner']) ? site['owner'] : {}) },
  ...['users', 'members', 'visitors'].flatMap((kind) => objectsIn(site, kind)),
];

const keysOf = (list: readonly Fields[]): readonly unknown[] => list.map(({ key }) => key);

const asPair = ({ app, site }: Fields): Fields => ({ pair: `${String(app)} on ${String(site)}` });

function repeated(list: readonly Fields[], name: string, where: string): readonly string[] {
  const values = list.map((fields) => fields[name]).filter((value) => typeof value === 'string');
  const twice = new Set(values.filter((value, index) => values.indexOf(value) !== index));
  return [...twice].map((value) => `${where}: "${value}" is there more than once.`);
}

function unknown(installs: readonly Fields[], name: string, known: readonly unknown[]): readonly string[] {
  return installs.flatMap((install, index) => {
    const named = install[name];
    if (typeof named !== 'string' || known.includes(named)) return [];
    return [
      `installs[${index.toString()}].${name} "${named}" is none of ${known.map(String).join(', ') || 'those above'}.`,
    ];
  });
}
