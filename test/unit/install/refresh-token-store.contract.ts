import type { RefreshTokenStore } from '../../../src/install/refresh-token.store.js';

/** What every store must do, whatever it is made of. `make` makes one that shares what it keeps with those made before. */
export function itKeepsTheRefreshTokenStoreContract(make: () => RefreshTokenStore): void {
  const key = (): string => `key-${String(Math.random())}`;

  it('knows nothing it was not told', async () => {
    expect(await make().get(key())).toBeUndefined();
  });

  it('keeps what it was told', async () => {
    const [store, name] = [make(), key()];
    expect(await store.replace(name, undefined, 'first')).toBe(true);
    expect(await store.get(name)).toBe('first');
  });

  it('replaces a value by the next when it is the expected one', async () => {
    const [store, name] = [make(), key()];
    await store.replace(name, undefined, 'first');
    expect(await store.replace(name, 'first', 'second')).toBe(true);
    expect(await store.get(name)).toBe('second');
  });

  it('leaves a value that is not the expected one', async () => {
    const [store, name] = [make(), key()];
    await store.replace(name, undefined, 'first');
    expect(await store.replace(name, 'other', 'second')).toBe(false);
    expect(await store.replace(name, undefined, 'second')).toBe(false);
    expect(await store.get(name)).toBe('first');
  });

  it('lets one of many win', async () => {
    const [store, name] = [make(), key()];
    const values = Array.from({ length: 20 }, (_value, index) => `value ${String(index)}`);
    const done = await Promise.all(values.map((value) => store.replace(name, undefined, value)));
    const winners = values.filter((_value, index) => done[index]);
    expect(winners).toHaveLength(1);
    expect(await store.get(name)).toBe(winners[0]);
  });

  it('keeps keys apart', async () => {
    const [store, one, other] = [make(), key(), key()];
    await store.replace(one, undefined, 'first');
    expect(await store.get(other)).toBeUndefined();
  });
}
