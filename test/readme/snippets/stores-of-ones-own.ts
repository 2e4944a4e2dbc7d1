import { EventLedger, TokenStore, type EventClaim } from 'nestjs-wix-auth';

interface Row {
  readonly text: string;
  readonly untilMs: number;
}

/** Rows that end: what a table of a database would be. */
class Table {
  readonly #rows = new Map<string, Row>();

  read(key: string): string | undefined {
    const row = this.#rows.get(key);
    return row !== undefined && row.untilMs > Date.now() ? row.text : undefined;
  }

  write(key: string, text: string, lifeMs: number): void {
    this.#rows.set(key, { text, untilMs: Date.now() + lifeMs });
  }

  erase(key: string): void {
    this.#rows.delete(key);
  }
}

export class TableTokenStore extends TokenStore {
  readonly #table = new Table();

  override get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#table.read(key));
  }

  override set(key: string, value: string, ttlMs: number): Promise<void> {
    this.#table.write(key, value, ttlMs);
    return Promise.resolve();
  }

  override delete(key: string): Promise<void> {
    this.#table.erase(key);
    return Promise.resolve();
  }
}

export class TableEventLedger extends EventLedger {
  readonly #table = new Table();

  override claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim> {
    const found = this.#table.read(key);
    if (found !== undefined) return Promise.resolve(found === 'done' ? 'done' : 'in-progress');
    this.#table.write(key, `by ${claimant}`, leaseMs);
    return Promise.resolve('claimed');
  }

  override async renew(key: string, claimant: string, leaseMs: number): Promise<void> {
    await Promise.resolve();
    if (this.#table.read(key) === `by ${claimant}`) this.#table.write(key, `by ${claimant}`, leaseMs);
  }

  override complete(key: string, keepMs: number): Promise<void> {
    this.#table.write(key, 'done', keepMs);
    return Promise.resolve();
  }

  override async release(key: string, claimant: string): Promise<void> {
    await Promise.resolve();
    if (this.#table.read(key) === `by ${claimant}`) this.#table.erase(key);
  }
}
