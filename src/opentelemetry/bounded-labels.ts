const MAX_VALUES = 200;

/** Limits how many values a label of a metric can have; further ones are counted as `other`. */
export class BoundedLabels {
  readonly #known = new Set<string>();

  /** The value itself, or `other` once the limit is reached. */
  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= MAX_VALUES) return 'other';
    this.#known.add(value);
    return value;
  }
}
