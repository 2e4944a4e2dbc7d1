import type { Endpoint } from '../endpoints/endpoint.js';
import { appOf } from './consent.js';
import { marketPage } from './pages.js';

/** `/app-market/:appId`: where a site owner finds the app and adds it to a site. */
export const appMarketEndpoint: Endpoint = {
  method: 'GET',
  path: '/app-market/:appId',
  handle: ({ params, platform }) => {
    const app = appOf(platform, params['appId']);
    const appUrl = app.appUrl === undefined ? undefined : platform.installer.openedFromMarket(app, app.appUrl);
    return marketPage(app, { websiteUrl: app.websiteUrl, appUrl });
  },
};
