import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { defaultScenario } from '../scenario/default-scenario.js';
import { readScenario } from '../scenario/read-scenario.js';
import { checkedScenario } from '../scenario/scenario-mistakes.js';
import type { WixEmulatorScenario } from '../scenario/scenario-file.js';
import type { ProgramOptions } from './program-options.js';

const DEFAULT_FILE = 'wix-emulator.json';

type Settings = Pick<ProgramOptions, 'cwd' | 'config' | 'state' | 'appUrl' | 'webhooks'>;

/** The scenario to start with: a saved state before a config, and what the command line says of the first app. */
export async function programScenario(settings: Settings): Promise<WixEmulatorScenario> {
  const file = scenarioFile(settings);
  const scenario = file === undefined ? defaultScenario : await readScenario(file);
  const { appUrl: url, webhooks } = settings;
  const [first, ...others] = scenario.apps;
  const app = { ...first, ...(url !== undefined && { url }), ...(webhooks !== undefined && { webhooks }) };
  return checkedScenario({ ...scenario, apps: [app, ...others] }, 'The command line');
}

function scenarioFile({ cwd, config, state }: Settings): string | undefined {
  if (state !== undefined && existsSync(resolve(cwd, state))) return resolve(cwd, state);
  if (config !== undefined) return resolve(cwd, config);
  const file = resolve(cwd, DEFAULT_FILE);
  return existsSync(file) ? file : undefined;
}
