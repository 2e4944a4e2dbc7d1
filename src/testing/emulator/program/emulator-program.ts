import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';

import { scopeContents } from '../console/catalogue/scope-contents.js';
import type { ConsoleContext } from '../console/console-context.js';
import { EventStream } from '../console/http/event-stream.js';
import { envLines, type FullEnvLine } from '../console/people/env-lines.js';
import { problemWith } from '../console/people/connections.js';
import { WixConsole } from '../console/wix-console.js';
import { assembleEmulator, type EmulatorParts } from '../emulator-parts.js';
import { buildScenario } from '../scenario/build-scenario.js';
import type { EmulatedScenario, PlacedApp } from '../scenario/emulated-scenario.js';
import { WixEmulatorMint } from '../tokens/mint.js';
import { WixEmulatorSender } from '../webhooks/sender.js';
import { documentedContents, type ScopeContents } from '../world/scope-table.js';
import { ProgramError } from './program-error.js';
import { ProgramFolder, RUN_FILE } from './program-folder.js';
import type { ProgramOptions } from './program-options.js';
import { programScenario } from './program-scenario.js';
import { RememberedIds } from './remembered-ids.js';
import { SavedState } from './saved-state.js';

/** A running emulator with its console. */
export interface EmulatorProgram {
  /** The base URL of the emulated Wix. */
  readonly url: string;
  /** The console's address, with the run's key in its fragment. */
  readonly consoleUrl: string;
  /** The run's key. */
  readonly key: string;
  /** The first app, with where it runs. */
  readonly app: PlacedApp;
  /** The lines for the first app's `.env`. */
  readonly env: readonly FullEnvLine[];
  /** Why the first app cannot be reached, or `null`. */
  readonly appProblem: string | null;
  readonly folder: string;
  /** What the scenario made. */
  readonly scenario: EmulatedScenario;
  /** Saves the state, cuts all connections and frees the port. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts an emulator with its console, and a folder for what lasts.
 *
 * @throws {ScenarioError} naming every mistake of the scenario
 * @throws {ProgramError} when the port is taken
 */
export async function startEmulatorProgram(options: ProgramOptions): Promise<EmulatorProgram> {
  const file = await programScenario(options);
  const folder = new ProgramFolder(options.cwd);
  await folder.prepare();
  const ids = await RememberedIds.load(folder);
  const mounted: { console?: WixConsole } = {};
  const parts = assembleEmulator(
    { now: options.now, variants: file.variants, scopeContents: undocumented(), warn: options.warn },
    (request, response) => mounted.console?.handle(request, response) ?? false,
  );
  const scenario = buildScenario(parts.platform.world, file, ids);
  await ids.save();
  const key = randomBytes(32).toString('base64url');
  const state = new SavedState(stateFile(options), parts.platform, scenario, options.warn);
  let url = '';
  const context = contextOf(parts, scenario, options, { url: () => url, folder, state });
  const gate = { key, allowedHosts: options.allowedHosts ?? [] };
  const wixConsole = new WixConsole(context, { gate, pageFolder: options.pageFolder });
  mounted.console = wixConsole;
  const stop = stopOf({ parts, context, wixConsole, folder, state, key });
  // Last: when the port is open, everything is ready.
  url = await listen(parts, options).catch((error: unknown) => {
    wixConsole.close();
    throw error;
  });
  await folder.write(RUN_FILE, `${JSON.stringify({ url, key })}\n`);
  await state.save();
  return facts({ url, key, scenario, folder, stop });
}

const stateFile = ({ cwd, state }: ProgramOptions): string | undefined =>
  state === undefined ? undefined : resolve(cwd, state);

async function listen({ server }: EmulatorParts, { port = DEFAULT_PORT, host }: ProgramOptions): Promise<string> {
  try {
    return await server.start(port, host);
  } catch (error) {
    throw new ProgramError(reasonOf(error, port, host), { cause: error });
  }
}

const DEFAULT_PORT = 4444;

function reasonOf(error: unknown, port: number, host = '127.0.0.1'): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port.toString()} is taken. Stop what runs there, or give another one with --port.`;
  }
  if (code === 'EACCES') return `Port ${port.toString()} may not be used by you. Give another one with --port.`;
  return `The emulator cannot listen on ${host}:${port.toString()} (${String(code ?? error)}).`;
}

// What the emulator knows by hand stays as it is: the catalogue lacks permissions to write.
function undocumented(): ScopeContents {
  const added = Object.entries(scopeContents).filter(([scope]) => !Object.hasOwn(documentedContents, scope));
  return Object.fromEntries(added.map(([scope, contents]) => [scope, contents.split(' ').filter(Boolean)]));
}

interface Lasting {
  readonly url: () => string;
  readonly folder: ProgramFolder;
  readonly state: SavedState;
}

function contextOf(
  parts: EmulatorParts,
  scenario: EmulatedScenario,
  { version, resendSpeed = 60 }: ProgramOptions,
  { url, folder, state }: Lasting,
): ConsoleContext {
  const { platform } = parts;
  const stream = new EventStream();
  return {
    ...{ parts, scenario, stream },
    mint: new WixEmulatorMint(platform),
    sender: new WixEmulatorSender(platform.now),
    worldChanged: () => {
      stream.send('world', {});
      void state.save();
    },
    run: {
      version,
      startedAtMs: platform.now(),
      url,
      writeHeader: (name, line) => folder.write(`${name}.header`, `${line}\n`),
      resendSpeed,
    },
  };
}

interface Running {
  readonly parts: EmulatorParts;
  readonly context: ConsoleContext;
  readonly wixConsole: WixConsole;
  readonly folder: ProgramFolder;
  readonly state: SavedState;
  readonly key: string;
}

const stopOf =
  ({ parts, context, wixConsole, folder, state, key }: Running) =>
  async (): Promise<void> => {
    wixConsole.close();
    context.sender.close();
    await Promise.all([parts.server.stop(), state.save()]);
    // Another program may have started in this folder meanwhile.
    if ((await folder.run())?.key === key) await folder.remove(RUN_FILE);
  };

interface Started {
  readonly url: string;
  readonly key: string;
  readonly scenario: EmulatedScenario;
  readonly folder: ProgramFolder;
  readonly stop: () => Promise<void>;
}

async function facts({ url, key, scenario, folder, stop }: Started): Promise<EmulatorProgram> {
  const [app] = scenario.apps;
  if (!app) throw new ProgramError('The scenario has no app.');
  return {
    ...{ url, key, app, scenario, stop },
    consoleUrl: `${url}/_emulator/#key=${key}`,
    env: envLines(app.app, url),
    appProblem: await problemWith(app.url),
    folder: join(folder.path),
  };
}
