/** How the program starts. */
export interface ProgramOptions {
  /** The folder that `.wix-emulator/` and paths of options are in. */
  readonly cwd: string;
  /** The scenario's file. @default `wix-emulator.json` if it is there, else the scenario of the program */
  readonly config?: string | undefined;
  /** @default 4444 */
  readonly port?: number | undefined;
  /** Where the first app runs. @default what the scenario says */
  readonly appUrl?: string | undefined;
  /** The path of the first app's webhooks. @default what the scenario says */
  readonly webhooks?: string | undefined;
  /** The file that the scenario is loaded from when it is there, and saved to. @default none */
  readonly state?: string | undefined;
  /** The address to listen on. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** Names besides the loopback ones that the console may be opened by. @default none */
  readonly allowedHosts?: readonly string[] | undefined;
  /** How much faster than Wix webhooks are sent again: 60 makes a minute a second. @default 60 */
  readonly resendSpeed?: number | undefined;
  /** The folder of the console's built page. @default a page that says there is none */
  readonly pageFolder?: string | undefined;
  /** The package's version. */
  readonly version: string;
  /** The platform's clock. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Called for what goes wrong later, such as a state file that cannot be written. */
  readonly warn: (message: string) => void;
}
