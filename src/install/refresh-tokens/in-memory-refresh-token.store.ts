import { RefreshTokenStore } from './refresh-token.store.js';

/** Keeps refresh tokens in this process: for tests. */
export class InMemoryRefreshTokenStore extends RefreshTokenStore {
  override readonly forgetsOnRestart = true;
  readonly #values = new Map<string, string>();

  override get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#values.get(key));
  }

  override replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
    if (this.#values.get(key) !== expected) return Promise.resolve(false);
    this.#values.set(key, value);
    return Promise.resolve(true);
  }
}
