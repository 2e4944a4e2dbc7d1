import type { Way } from './side-by-side.js';

/** Does something over and over, waiting for its promise each time. */
export const awaiting =
  (work: () => unknown): Way =>
  async (times) => {
    for (let left = times; left > 0; left -= 1) await work();
  };

/** Does something with each item in turn, waiting for its promise each time. */
export const awaitingEach =
  <Item>(items: readonly Item[], use: (item: Item) => unknown): Way =>
  async (times) => {
    for (let left = times; left > 0; left -= items.length) {
      for (const item of items) await use(item);
    }
  };

/** Does something with each item in turn, where there is nothing to wait for. */
export const withEach =
  <Item>(items: readonly Item[], use: (item: Item) => unknown): Way =>
  (times) => {
    for (let left = times; left > 0; left -= items.length) {
      for (const item of items) use(item);
    }
  };
