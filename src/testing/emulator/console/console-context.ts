import type { EmulatorParts } from '../emulator-parts.js';
import type { EmulatedScenario } from '../scenario/emulated-scenario.js';
import type { WixEmulatorSender } from '../webhooks/sender.js';
import type { WixEmulatorMint } from '../tokens/mint.js';
import type { EventStream } from './http/event-stream.js';

/** What the parts of the console work on. */
export interface ConsoleContext {
  readonly parts: Pick<EmulatorParts, 'platform' | 'log' | 'faults' | 'router'>;
  readonly scenario: EmulatedScenario;
  readonly mint: WixEmulatorMint;
  readonly sender: WixEmulatorSender;
  readonly stream: EventStream;
  /** To be called after a change of apps, sites, people, grants, installations or variants. */
  readonly worldChanged: () => void;
  readonly run: RunFacts;
}

/** What the console knows about the program that runs it. */
export interface RunFacts {
  readonly version: string;
  readonly startedAtMs: number;
  /** The base URL of the emulated Wix. Known once it listens. */
  readonly url: () => string;
  /** Writes a header file that only this user can read, and answers its path; `undefined` without a folder. */
  readonly writeHeader: ((name: string, line: string) => Promise<string>) | undefined;
  /** How much faster than Wix webhooks are sent again. */
  readonly resendSpeed: number;
}
