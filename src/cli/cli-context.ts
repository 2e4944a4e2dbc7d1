/** What a command knows of the process that it runs in. */
export interface CliContext {
  /** The folder that paths of arguments and options start from. */
  readonly cwd: string;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly printError: (line: string) => void;
}

/** A failure that the person who typed the command can act on: printed as it is, without a stack. */
export class CliError extends Error {
  /** What the process ends with. */
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = options.exitCode ?? 1;
  }
}
