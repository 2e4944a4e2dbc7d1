import { inspect } from 'node:util';

import type { LoggerService } from '@nestjs/common';

/** A logger that keeps what it is told, of every level. */
export class CapturedLogs implements LoggerService {
  readonly entries: { readonly level: string; readonly message: unknown; readonly rest: readonly unknown[] }[] = [];

  readonly log = this.#taker('log');
  readonly error = this.#taker('error');
  readonly warn = this.#taker('warn');
  readonly debug = this.#taker('debug');
  readonly verbose = this.#taker('verbose');
  readonly fatal = this.#taker('fatal');

  /** The texts one context logged at a level. */
  of(level: string, context: string): string[] {
    return this.entries
      .filter((entry) => entry.level === level && entry.rest.at(-1) === context)
      .map(({ message }) => String(message));
  }

  /** Everything, as deep as it goes. */
  get dump(): string {
    return inspect(this.entries, { depth: 20, showHidden: true, maxStringLength: null });
  }

  #taker(level: string) {
    return (message: unknown, ...rest: unknown[]): void => {
      this.entries.push({ level, message, rest });
    };
  }
}
