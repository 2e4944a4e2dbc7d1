/** Items by key. Keys take turns; the items of one key are taken in order. */
export class RoundRobin<Item> {
  readonly #items = new Map<string, Set<Item>>();
  #size = 0;

  /** How many items there are. */
  get size(): number {
    return this.#size;
  }

  /** How many items one key has. */
  lengthOf(key: string): number {
    return this.#items.get(key)?.size ?? 0;
  }

  add(key: string, item: Item): void {
    const items = this.#items.get(key);
    if (items === undefined) this.#items.set(key, new Set([item]));
    else items.add(item);
    this.#size += 1;
  }

  /** Takes an item out of its turn. */
  delete(key: string, item: Item): void {
    const items = this.#items.get(key);
    if (items?.delete(item) !== true) return;
    this.#size -= 1;
    if (items.size === 0) this.#items.delete(key);
  }

  /** Takes the next item: the first one of the key whose turn it is. */
  take(): Item | undefined {
    for (const [key, items] of this.#items) {
      for (const item of items) {
        this.delete(key, item);
        this.#moveToTheEnd(key, items);
        return item;
      }
    }
    return undefined;
  }

  /** The newest item of the key with the most items. */
  longest(): { readonly newest: Item; readonly length: number } | undefined {
    let longest: ReadonlySet<Item> = new Set();
    for (const items of this.#items.values()) if (items.size > longest.size) longest = items;
    const newest = [...longest].at(-1);
    return newest === undefined ? undefined : { newest, length: longest.size };
  }

  #moveToTheEnd(key: string, items: Set<Item>): void {
    if (items.size === 0) return;
    this.#items.delete(key);
    this.#items.set(key, items);
  }
}
