/** What a command knows of the process that it runs in. */
export interface CliContext {
  /** The folder that paths in arguments and options are relative to. */
  readonly cwd: string;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly printError: (line: string) => void;
}

/** A failure that the user of the program can act on: its message is printed, without a stack. */
export class CliError extends Error {
  /** The exit code of the process. */
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = options.exitCode ?? 1;
  }
}
