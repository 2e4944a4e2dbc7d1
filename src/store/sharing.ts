import type { WixClock } from '../core/clock.js';
import type { SealedStore } from './sealed-store.js';
import type { SharedNews } from './shared-news.js';
import { SharedValues } from './shared-values.js';

/** What one registration shares with its other processes: values, and the news of what is to be forgotten. */
export class Sharing {
  readonly store: SealedStore;
  readonly news: SharedNews;
  readonly #clock: WixClock;
  readonly #settings: { readonly requestTimeoutMs: number };

  constructor(store: SealedStore, news: SharedNews, clock: WixClock, settings: { readonly requestTimeoutMs: number }) {
    this.store = store;
    this.news = news;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** The values of one kind. @param questions - how many questions to Wix one may take. */
  values(kind: string, questions = 1): SharedValues {
    return new SharedValues(kind, this.store, this.#clock, questions * this.#settings.requestTimeoutMs);
  }
}
