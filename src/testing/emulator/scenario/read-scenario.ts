import { readFile } from 'node:fs/promises';

import type { WixEmulatorScenario } from './scenario-file.js';
import { checkedScenario, ScenarioError } from './scenario-mistakes.js';

/**
 * Reads a scenario's file, or checks one that is given as an object.
 *
 * @throws {ScenarioError} when it cannot be read, or naming every mistake
 */
export async function readScenario(config: string | URL | WixEmulatorScenario): Promise<WixEmulatorScenario> {
  if (typeof config !== 'string' && !(config instanceof URL)) return checkedScenario(config, 'The scenario');
  return checkedScenario(parsed(await textOf(config), config), String(config));
}

async function textOf(file: string | URL): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ScenarioError(String(file), [`It cannot be read (${codeOf(error)}).`]);
  }
}

function parsed(text: string, file: string | URL): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScenarioError(String(file), [
      `It is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
    ]);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
