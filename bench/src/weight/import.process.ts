import { report } from '../process/fresh-run.js';
import { processorMs } from '../measuring/processor-time.js';
import { buildInArgs, loadEntry, loadNest } from './build.js';

/** Milliseconds of processor time: for NestJS, and for the main entry on top of it. */
export interface ImportCost {
  readonly nestMs: number;
  readonly entryMs: number;
}

const build = buildInArgs();
const startedMs = processorMs();
await loadNest(build);
const nestMs = processorMs() - startedMs;
await loadEntry(build);
report({ nestMs, entryMs: processorMs() - startedMs - nestMs } satisfies ImportCost);
