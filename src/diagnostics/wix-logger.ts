import { Logger } from '@nestjs/common';

import type { LogFormat } from './log-format.js';

/** One line, in words and as data. */
export interface LogLine {
  readonly level: 'log' | 'warn' | 'error';
  /** What happened, by the name that objects in the log have it by. */
  readonly event: string;
  readonly text: string;
  /** What stands below the line: rows of a table, or the stack of an error. @default nothing */
  readonly below?: readonly string[] | undefined;
  /** What is known of it. @default nothing but the text */
  readonly fields?: object;
}

/**
 * Writes to Nest's log, and is the only code that does. Event types, ids and the texts of foreign errors come
 * from outside, so control characters are written as escapes: none can begin a line of its own, hide one or steer a
 * terminal.
 */
export class WixLogger {
  readonly #logger = new Logger('WixAuthModule');
  readonly #format: LogFormat | undefined;

  /** @param format how lines are written. @default as Nest's own logger writes them */
  constructor(format?: LogFormat) {
    this.#format = format;
  }

  /** Writes a line: as text, or as an object for logs that are read by machines. */
  write(line: LogLine): void {
    if (this.#writesJson) this.#logger[line.level](objectOf(line));
    else if (line.level === 'error') this.#writeError(line);
    else this.#logger[line.level]([line.text, ...(line.below ?? [])].map(onOneLine).join('\n'));
  }

  #writeError({ text, below = [] }: LogLine): void {
    if (below.length === 0) this.#logger.error(onOneLine(text));
    else this.#logger.error(onOneLine(text), indented(below.join('\n')));
  }

  // Which logger Nest has may be said after this was made.
  get #writesJson(): boolean {
    return this.#format === undefined ? CurrentLogger.writesJson : this.#format === 'json';
  }
}

const objectOf = ({ event, text, fields = {} }: LogLine): object => ({
  ...(escaped(fields) as object),
  event,
  msg: onOneLine(text),
});

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

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return onOneLine(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(escaped);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, escapedField(name, inner)]));
}

const escapedField = (name: string, value: unknown): unknown =>
  name === 'stack' && typeof value === 'string' ? indented(value) : escaped(value);

// Nest tells only subclasses which logger is in use.
class CurrentLogger extends Logger {
  static get writesJson(): boolean {
    const options = memberOf(CurrentLogger.staticInstanceRef, 'options');
    return memberOf(options, 'json') === true;
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
