const MAX_VALUES = 200;

/** Keeps a label of metrics to so many values; further ones are counted as `other`. */
export class BoundedLabels {
  readonly #known = new Set<string>();

  /** The value, while there is room for it. */
  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= MAX_VALUES) return 'other';
    this.#known.add(value);
    return value;
  }
}
