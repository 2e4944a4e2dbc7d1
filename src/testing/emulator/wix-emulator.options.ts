import type { WixEmulatorScenario } from './scenario/scenario-file.js';
import type { WixEmulatorVariants } from './variants.js';
import type { ScopeContents } from './world/scope-table.js';

/** How an emulator starts. */
export interface WixEmulatorOptions {
  /**
   * The platform's clock, in milliseconds since the epoch. Give your test's clock to let tokens expire without waiting.
   *
   * @default Date.now
   */
  readonly now?: (() => number) | undefined;
  /**
   * The port on 127.0.0.1.
   *
   * @default 0: any free port
   */
  readonly port?: number | undefined;
  /**
   * A scenario to start with, or the file that holds it: the one the program `nestjs-wix-auth emulator` reads. Find
   * what it made with `wix.scenario`. Ids that it leaves out are new in each run.
   *
   * @default none: an empty platform
   */
  readonly config?: string | URL | WixEmulatorScenario | undefined;
  /** How the platform behaves from the start. @default {@link WixEmulatorVariants} */
  readonly variants?: Partial<WixEmulatorVariants> | undefined;
  /**
   * What further scopes contain, by scope id: other scopes and permission ids. The emulator knows those of Wix Stores.
   *
   * @default none
   */
  readonly scopeContents?: ScopeContents | undefined;
  /**
   * How many requests are remembered in full; counts go on beyond it.
   *
   * @default 10_000
   */
  readonly maxLoggedRequests?: number | undefined;
  /**
   * Called for requests to unknown paths, which are usually typing errors.
   *
   * @default process.emitWarning
   */
  readonly warn?: ((message: string) => void) | undefined;
}
