import { EventLedger, type EventClaim, type WixClock } from 'nestjs-wix-auth';

/** What can be wrong with a ledger. */
export type LedgerFlaw =
  | 'claims for everybody'
  | 'cuts keys'
  | 'claims for ever'
  | 'never renews'
  | 'only shortens claims'
  | 'renews for everybody'
  | 'renews what is free'
  | 'never releases'
  | 'releases for everybody'
  | 'does not know what is done'
  | 'releases done work'
  | 'keeps done work as long as its claim'
  | 'never forgets done work'
  | 'renews done work';

interface Entry {
  readonly claimant: string;
  readonly isDone: boolean;
  readonly untilMs: number;
}

/** A ledger in which one thing may be wrong. */
export class FlawedLedger extends EventLedger {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: WixClock;
  readonly #flaw: LedgerFlaw | undefined;

  constructor(clock: WixClock, flaw?: LedgerFlaw) {
    super();
    this.#clock = clock;
    this.#flaw = flaw;
  }

  override claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim> {
    const entry = this.#entryOf(key);
    if (entry?.isDone === true && !this.#has('does not know what is done')) return Promise.resolve('done');
    if (entry !== undefined && !this.#has('claims for everybody')) return Promise.resolve('in-progress');
    this.#write(key, { claimant, isDone: false, untilMs: this.#after(leaseMs) });
    return Promise.resolve('claimed');
  }

  override renew(key: string, claimant: string, leaseMs: number): Promise<void> {
    const entry = this.#entryOf(key) ?? (this.#has('renews what is free') ? freeEntry(claimant) : undefined);
    const isDone = entry?.isDone === true && !this.#has('renews done work');
    if (entry === undefined || isDone || this.#has('never renews')) return Promise.resolve();
    if (entry.claimant !== claimant && !this.#has('renews for everybody')) return Promise.resolve();
    const untilMs = this.#has('only shortens claims')
      ? Math.min(entry.untilMs, this.#after(leaseMs))
      : this.#after(leaseMs);
    this.#write(key, { ...entry, untilMs });
    return Promise.resolve();
  }

  override complete(key: string, keepMs: number): Promise<void> {
    const entry = this.#entryOf(key);
    const ofTheClaim = this.#has('keeps done work as long as its claim') ? entry?.untilMs : undefined;
    const untilMs = this.#has('never forgets done work') ? Infinity : (ofTheClaim ?? this.#after(keepMs));
    this.#write(key, { claimant: entry?.claimant ?? '', isDone: true, untilMs });
    return Promise.resolve();
  }

  override release(key: string, claimant: string): Promise<void> {
    const entry = this.#entryOf(key);
    const isTheirs = entry?.claimant === claimant || this.#has('releases for everybody');
    const mayGo = entry?.isDone !== true || this.#has('releases done work');
    if (isTheirs && mayGo && !this.#has('never releases')) this.#entries.delete(this.#keyOf(key));
    return Promise.resolve();
  }

  #entryOf(key: string): Entry | undefined {
    const entry = this.#entries.get(this.#keyOf(key));
    const hasEnded = entry !== undefined && entry.untilMs <= this.#clock.nowMs();
    return hasEnded && (entry.isDone || !this.#has('claims for ever')) ? undefined : entry;
  }

  #write(key: string, entry: Entry): void {
    this.#entries.set(this.#keyOf(key), entry);
  }

  #keyOf(key: string): string {
    return this.#has('cuts keys') ? key.slice(0, 63) : key;
  }

  #after(ms: number): number {
    return this.#clock.nowMs() + ms;
  }

  #has(flaw: LedgerFlaw): boolean {
    return this.#flaw === flaw;
  }
}

const freeEntry = (claimant: string): Entry => ({ claimant, isDone: false, untilMs: 0 });
