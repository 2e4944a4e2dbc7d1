import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { CliError } from './cli-context.js';

/** The object in a JSON file. @throws {CliError} when there is none */
export async function objectIn(cwd: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
    throw new CliError(`${file} cannot be read.`, { cause: error });
  });
  const value = parsed(text, file);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new CliError(`${file} does not contain an object.`);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`${file} is not JSON.`, { cause: error });
  }
}
