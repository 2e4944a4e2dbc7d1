import { dirname } from 'node:path';

import type { InstallView, Overview } from '../testing/emulator/console/console-api.js';
import { ProgramFolder, type RunFacts } from '../testing/emulator/program/program-folder.js';
import { CliError } from './cli-context.js';

const NONE_RUNS = 'No emulator is running in this folder or one above it. Start one: npx nestjs-wix-auth emulator';

/** The emulator that runs in a folder, called through its console's API. */
export class RunningEmulator {
  readonly folder: ProgramFolder;
  readonly #run: RunFacts;

  private constructor(folder: ProgramFolder, run: RunFacts) {
    this.folder = folder;
    this.#run = run;
  }

  /** Finds it in a folder or the nearest one above. @throws {CliError} when none runs */
  static async find(cwd: string): Promise<RunningEmulator> {
    for (let path = cwd; ; path = dirname(path)) {
      const folder = new ProgramFolder(path);
      const run = await folder.run().catch(() => undefined);
      if (run) return new RunningEmulator(folder, run);
      if (path === dirname(path)) throw new CliError(NONE_RUNS);
    }
  }

  /** One call of the API. @throws {CliError} with what the API says */
  async call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#send(method, path, body);
    const json: unknown = await answer.json();
    if (answer.ok) return json;
    throw new CliError((json as { readonly error: string }).error);
  }

  /** The installation on a site by its key; without one the first that is installed. */
  async installOn(siteKey: string | undefined): Promise<InstallView> {
    const { sites, installs } = (await this.call('GET', 'overview')) as Overview;
    const site = sites.find(({ key }) => key === siteKey);
    if (siteKey !== undefined && !site) {
      throw new CliError(`There is no site "${siteKey}". There are: ${sites.map(({ key }) => key).join(', ')}.`);
    }
    const found = installs.find(({ siteId, isInstalled }) => (site ? site.siteId === siteId : isInstalled));
    if (found) return found;
    throw new CliError(`The app is not on ${siteKey === undefined ? 'any site' : `the site "${siteKey}"`}.`);
  }

  async #send(method: string, path: string, body: unknown): Promise<Response> {
    const { url, key } = this.#run;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'x-emulator-key': key, 'content-type': 'application/json' };
    try {
      return await fetch(`${url}/_emulator/api/${path}`, { method, headers, ...sent });
    } catch (error) {
      throw new CliError(NONE_RUNS, { cause: error });
    }
  }
}
