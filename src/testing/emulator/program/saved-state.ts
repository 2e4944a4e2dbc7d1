import { savedScenario } from '../scenario/saved-scenario.js';
import type { EmulatedScenario } from '../scenario/emulated-scenario.js';
import type { Platform } from '../platform.js';
import { writeWhole } from './program-folder.js';

/** Writes the scenario to a file after changes, one write at a time. Without a file it does nothing. */
export class SavedState {
  readonly #file: string | undefined;
  readonly #text: () => string;
  readonly #warn: (message: string) => void;
  #writes: Promise<void> = Promise.resolve();

  constructor(
    file: string | undefined,
    { world, variants }: Platform,
    scenario: EmulatedScenario,
    warn: (message: string) => void,
  ) {
    this.#file = file;
    this.#text = () => `${JSON.stringify(savedScenario(world, scenario, variants), null, 2)}\n`;
    this.#warn = warn;
  }

  /** Writes what the scenario is now. Settles when that and all before it is written; never fails. */
  save(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return Promise.resolve();
    this.#writes = this.#writes
      .then(async () => {
        await writeWhole(file, this.#text(), 0o644);
      })
      .catch((error: unknown) => this.#warn(`The state cannot be saved: ${String(error)}`));
    return this.#writes;
  }
}
