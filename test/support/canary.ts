import { inspect } from 'node:util';

import { CapturedLogs } from './captured-logs.js';

/** How much of a credential, encoded or not, must be seen to count as one. */
const NEEDLE = 14;
const PIECE = 16;
const STEP = 8;

/** Gathers whatever an application lets out, and finds marked credentials in it, whole or in part, also encoded. */
export class Canary {
  /** Give it to the application as its logger. */
  readonly logs = new CapturedLogs();
  readonly #needles = new Map<string, string>();
  readonly #seen: string[] = [];
  readonly #restore: (() => void)[] = [];

  /** Marks a credential and hands it back. */
  mark(name: string, credential: string): string {
    for (const [form, text] of formsOf(credential)) this.#needles.set(text.slice(0, NEEDLE), `${name} (${form})`);
    return credential;
  }

  /** Gathers a value as far as anything could print it. */
  observe(value: unknown): void {
    this.#seen.push(deeply(value), asJson(value));
    if (value instanceof Error) this.#seen.push(value.message, value.stack ?? '', String(value), deeply(value.cause));
  }

  /** Gathers what a piece of work ends with, result or error, and hands that back. */
  async outcome(work: () => unknown): Promise<unknown> {
    const outcome: unknown = await Promise.resolve()
      .then(work)
      .catch((error: unknown) => error);
    this.observe(outcome);
    return outcome;
  }

  /** Gathers from now on what is written to the console and to the process's own streams. */
  listen(): void {
    for (const stream of [process.stdout, process.stderr]) this.#wiretap(stream, 'write');
    for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) this.#wiretap(console, method);
  }

  /** Ends that. */
  leave(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }

  /** Which marks have been seen since the last time, and how; it should be nothing. */
  leaks(): string[] {
    const text = [...this.#seen.splice(0), this.logs.dump].join('\n');
    this.logs.entries.splice(0);
    const found = new Map<string, string>();
    for (let index = 0; index + NEEDLE <= text.length; index += 1) {
      const name = this.#needles.get(text.slice(index, index + NEEDLE));
      if (name !== undefined && !found.has(name)) found.set(name, text.slice(Math.max(0, index - 80), index));
    }
    return [...found].map(([name, before]) => `${name} after ${before}`);
  }

  #wiretap(target: object, method: string): void {
    const original = Reflect.get(target, method) as (...args: unknown[]) => unknown;
    Reflect.set(target, method, (...args: unknown[]): unknown => {
      this.#seen.push(deeply(args));
      return original.apply(target, args);
    });
    this.#restore.push(() => Reflect.set(target, method, original));
  }
}

const deeply = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : inspect(value, {
        depth: 20,
        showHidden: true,
        maxStringLength: null,
        maxArrayLength: null,
        breakLength: Infinity,
      });

function asJson(value: unknown): string {
  try {
    return JSON.stringify([value]);
  } catch {
    return '';
  }
}

/** A credential as it may look after other code has handled it: pieces of it, as they are and encoded. */
function formsOf(mark: string): [name: string, form: string][] {
  const count = Math.max(0, Math.floor((mark.length - PIECE) / STEP)) + 1;
  const pieces = Array.from({ length: count }, (_, index) => mark.slice(index * STEP, index * STEP + PIECE));
  return [...pieces, mark.slice(-PIECE)].flatMap(encodingsOf);
}

function encodingsOf(piece: string): [name: string, form: string][] {
  const bytes = Buffer.from(piece);
  return [
    ['plain', piece],
    ['reversed', Buffer.from(bytes).reverse().toString()],
    ['hex', bytes.toString('hex')],
    ['in capitals', piece.toUpperCase()],
    ['percent-encoded', encodeURIComponent(piece)],
    // What base64 makes of a text depends on where in a group of three bytes it starts; its edges on its neighbours.
    ...[0, 1, 2].flatMap((offset): [string, string][] => {
      const base64 = Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .slice(4, -4);
      return [
        ['base64', base64],
        ['base64url', base64.replaceAll('+', '-').replaceAll('/', '_')],
      ];
    }),
  ];
}
