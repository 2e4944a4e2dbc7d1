import { TokenStore } from '../../src/store/token-store.js';

/** A token store in a map that a test may look into and spoil. */
export class MapTokenStore extends TokenStore {
  readonly entries = new Map<string, string>();
  readonly lifetimesMs: number[] = [];

  override get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.entries.get(key));
  }

  override set(key: string, value: string, ttlMs: number): Promise<void> {
    this.entries.set(key, value);
    this.lifetimesMs.push(ttlMs);
    return Promise.resolve();
  }

  override delete(key: string): Promise<void> {
    this.entries.delete(key);
    return Promise.resolve();
  }

  /** Everything somebody with access to the store could read. */
  get dump(): string {
    return JSON.stringify([...this.entries]);
  }
}
