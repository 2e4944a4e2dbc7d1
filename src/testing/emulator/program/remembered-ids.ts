import { fieldsOf } from '../wire/request-body.js';
import { NewIds, type AppSecrets, type ScenarioIds } from '../scenario/scenario-ids.js';
import type { ProgramFolder } from './program-folder.js';

const FILE = 'identity.json';

/** Ids and secrets that stay the same from run to run, in the program's folder. */
export class RememberedIds implements ScenarioIds {
  readonly #folder: ProgramFolder;
  readonly #ids: Map<string, string>;
  readonly #secrets: Map<string, AppSecrets>;
  readonly #new = new NewIds();

  private constructor(folder: ProgramFolder, ids: Map<string, string>, secrets: Map<string, AppSecrets>) {
    this.#folder = folder;
    this.#ids = ids;
    this.#secrets = secrets;
  }

  static async load(folder: ProgramFolder): Promise<RememberedIds> {
    const known = (await folder.read(FILE)) ?? {};
    const ids = Object.entries(fieldsOf(known['ids'])).flatMap(([place, id]) =>
      typeof id === 'string' ? [[place, id] as const] : [],
    );
    const secrets = Object.entries(fieldsOf(known['apps'])).flatMap(([key, fields]) => {
      const found = secretsIn(fieldsOf(fields));
      return found ? [[key, found] as const] : [];
    });
    return new RememberedIds(folder, new Map(ids), new Map(secrets));
  }

  idOf(place: string): string {
    const id = this.#ids.get(place) ?? this.#new.idOf(place);
    this.#ids.set(place, id);
    return id;
  }

  secretsOf(appKey: string): AppSecrets {
    const secrets = this.#secrets.get(appKey) ?? this.#new.secretsOf(appKey);
    this.#secrets.set(appKey, secrets);
    return secrets;
  }

  async save(): Promise<void> {
    const known = { ids: Object.fromEntries(this.#ids), apps: Object.fromEntries(this.#secrets) };
    await this.#folder.write(FILE, `${JSON.stringify(known, null, 2)}\n`);
  }
}

function secretsIn({ appSecret, keyPair }: Readonly<Record<string, unknown>>): AppSecrets | undefined {
  const { publicKey, privateKey } = fieldsOf(keyPair);
  const isWhole = typeof appSecret === 'string' && typeof publicKey === 'string' && typeof privateKey === 'string';
  return isWhole ? { appSecret, keyPair: { publicKey, privateKey } } : undefined;
}
