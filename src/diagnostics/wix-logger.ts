import { Logger } from '@nestjs/common';

/**
 * Writes to Nest's log, and is the only code that does. Event types, ids and the texts of other people's errors come
 * from outside, so control characters are written as escapes: none can begin a line of its own, hide one or steer a
 * terminal.
 */
export class WixLogger {
  readonly #logger = new Logger('WixAuthModule');

  /** Writes one line of what happened. */
  log(text: string): void {
    this.#logger.log(onOneLine(text));
  }

  /** Writes one line of what may be wrong. */
  warn(text: string): void {
    this.#logger.warn(onOneLine(text));
  }

  /** Writes one line of what went wrong, and below it the stack of the error behind it. */
  error(text: string, stack?: string): void {
    if (stack === undefined) this.#logger.error(onOneLine(text));
    else this.#logger.error(onOneLine(text), indented(stack));
  }

  /** Whether Nest's own logger writes JSON at the moment. */
  get writesJson(): boolean {
    return CurrentLogger.writesJson;
  }

  /** Writes what happened as an object, for logs that are read by machines. */
  fields(level: 'log' | 'warn' | 'error', text: string, fields: object): void {
    this.#logger[level]({ ...plainFields(fields), msg: onOneLine(text) });
  }

  /** Writes several lines at once, such as a table. */
  table(lines: readonly string[]): void {
    this.#logger.log(lines.map(onOneLine).join('\n'));
  }
}

// Controls of ASCII and Latin-1, the two line ends of Unicode, and what turns the direction of writing.
const STEERING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const onOneLine = (text: string): string =>
  text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

// A stack has lines. The message in it may have some too: indented, none passes for a line of the log.
const indented = (stack: string): string =>
  stack
    .split('\n')
    .map((line, index) => (index === 0 || /^\s/.test(line) ? onOneLine(line) : `    ${onOneLine(line)}`))
    .join('\n');

const plainFields = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? onOneLine(value) : (value as unknown),
    ]),
  );

// Nest tells subclasses which logger is in use, and nobody else.
class CurrentLogger extends Logger {
  static get writesJson(): boolean {
    const options = memberOf(CurrentLogger.staticInstanceRef, 'options');
    return memberOf(options, 'json') === true;
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
