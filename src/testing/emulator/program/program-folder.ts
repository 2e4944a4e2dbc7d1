import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isObject } from '../wire/request-body.js';
import { ProgramError } from './program-error.js';

/** What a running program shares with the other commands. */
export interface RunFacts {
  readonly url: string;
  /** The run's key: see the console's API. */
  readonly key: string;
}

const ONLY_ME = 0o600;

/** The folder `.wix-emulator/`: ids, secrets and keys of the emulated apps, and the run's key. For this user only. */
export class ProgramFolder {
  readonly path: string;

  constructor(cwd: string) {
    this.path = join(cwd, '.wix-emulator');
  }

  /** Creates it, or restricts its mode. Its own `.gitignore` excludes all of it from commits. */
  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    if (!(await lstat(this.path)).isDirectory()) throw new ProgramError(`${this.path} is not a folder.`);
    await chmod(this.path, 0o700);
    await this.write('.gitignore', '*\n');
  }

  /** What a JSON file of it holds; `undefined` without the file. */
  async read(name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const file = join(this.path, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const value = parsed(text);
    if (isObject(value)) return value;
    throw new ProgramError(`${file} cannot be read: delete it, and new ids and secrets are made.`);
  }

  /** Writes a file that only this user can read, and answers its path. */
  async write(name: string, text: string): Promise<string> {
    return writeWhole(join(this.path, name), text, ONLY_ME);
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.path, name), { force: true });
  }

  /** The run that the commands connect to; `undefined` when none is running. */
  async run(): Promise<RunFacts | undefined> {
    const facts = await this.read(RUN_FILE);
    const { url, key } = facts ?? {};
    return typeof url === 'string' && typeof key === 'string' ? { url, key } : undefined;
  }
}

/** The file in the folder with the facts of the run. */
export const RUN_FILE = 'run.json';

/** Writes a file atomically: a reader in the meantime gets the former one. Answers its path. */
export async function writeWhole(file: string, text: string, mode: number): Promise<string> {
  const draft = `${file}.${process.pid.toString()}.tmp`;
  await writeFile(draft, text, { mode });
  await rename(draft, file);
  return file;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
