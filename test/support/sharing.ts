import type { WixClock } from '../../src/core/clock.js';
import { NoAnnouncements, type Announcements } from '../../src/store/announcements.js';
import { SealedStore } from '../../src/store/sealed-store.js';
import { SharedNews } from '../../src/store/shared-news.js';
import { Sharing } from '../../src/store/sharing.js';
import type { TokenStore } from '../../src/store/token-store.js';
import { API_URL, app } from './app.js';

/** What a registration shares by a store, and by messages if there are any. */
export function sharingBy(
  store: TokenStore,
  clock: WixClock,
  announcements: Announcements = new NoAnnouncements(),
  credentials = app(),
): Sharing {
  const news = new SharedNews(announcements, credentials, API_URL);
  news.onModuleInit();
  return new Sharing(new SealedStore(store, credentials, API_URL, clock), news, clock, { requestTimeoutMs: 5_000 });
}
