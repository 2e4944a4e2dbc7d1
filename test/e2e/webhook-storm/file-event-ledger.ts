import { appendFileSync, existsSync, readFileSync } from 'node:fs';

import { EventLedger, type EventClaim } from '../../../src/store/event-ledger.js';

/** A ledger in a file, which outlives the process that writes it. */
export class FileEventLedger extends EventLedger {
  readonly #path: string;
  readonly #done = new Set<string>();
  readonly #claims = new Map<string, { readonly claimant: string; readonly untilMs: number }>();

  constructor(path: string) {
    super();
    this.#path = path;
    for (const [what = '', key = '', claimant = '', untilMs = ''] of linesIn(path)) {
      this.#remember(what, key, claimant, Number(untilMs));
    }
  }

  override claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim> {
    if (this.#done.has(key)) return Promise.resolve('done');
    if ((this.#claims.get(key)?.untilMs ?? 0) > Date.now()) return Promise.resolve('in-progress');
    this.#write('claim', key, claimant, Date.now() + leaseMs);
    return Promise.resolve('claimed');
  }

  override renew(key: string, claimant: string, leaseMs: number): Promise<void> {
    if (this.#isOf(key, claimant)) this.#write('claim', key, claimant, Date.now() + leaseMs);
    return Promise.resolve();
  }

  override complete(key: string): Promise<void> {
    this.#write('done', key);
    return Promise.resolve();
  }

  override release(key: string, claimant: string): Promise<void> {
    if (this.#isOf(key, claimant)) this.#write('release', key);
    return Promise.resolve();
  }

  #isOf(key: string, claimant: string): boolean {
    return this.#claims.get(key)?.claimant === claimant;
  }

  #write(what: string, key: string, claimant = '', untilMs = 0): void {
    appendFileSync(this.#path, `${what} ${key} ${claimant} ${untilMs}\n`);
    this.#remember(what, key, claimant, untilMs);
  }

  #remember(what: string, key: string, claimant: string, untilMs: number): void {
    this.#claims.delete(key);
    if (what === 'done') this.#done.add(key);
    if (what === 'claim') this.#claims.set(key, { claimant, untilMs });
  }
}

/** The words of every line of a file. */
export const linesIn = (path: string): readonly string[][] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(' '))
    : [];
