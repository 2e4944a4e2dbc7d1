import type { EmulatorOffer } from './emulator/emulator.process.js';
import type { Cores } from './process/cores.js';
import type { Worker } from './process/worker.js';

/** What every section of the benchmark works with. */
export interface Surroundings {
  readonly cores: Cores;
  /** An emulated Wix in a process of its own. */
  readonly wix: Worker<EmulatorOffer>;
  /** How often everything is started afresh. */
  readonly starts: number;
  /** The folder of another build of the package, to be compared with this one. */
  readonly before: string | undefined;
}

/** One part of the benchmark. Answers what is to be printed, as Markdown. */
export type Section = (surroundings: Surroundings) => Promise<string>;
