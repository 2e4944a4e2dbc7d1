import { Controller, Get, Header } from '@nestjs/common';

import { page } from '../installing/page.js';

@Controller()
export class HomeController {
  /** Lists the routes. */
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  show(): string {
    return page('Flower Desk, the sample app', [
      { text: 'GET /products, /products/names: everyone on the site, and the app itself.' },
      { text: 'POST /products: users who may manage products, on sites that let the app do it.' },
      { text: 'POST /products/without-scope: the same, but Wix is the one who refuses.' },
      { text: 'GET /installation: the app itself.' },
      { text: 'GET /dashboard: the page that Wix opens in its dashboard, for users of the site.' },
      { text: 'POST /wix/webhooks: events of Wix.' },
      { text: 'Add the app to a site.', link: { to: '/install', text: 'Install' } },
      { text: 'Is the app up?', link: { to: '/health', text: 'Health' } },
      {
        text: "Call the others as someone: on the page Try a request of the emulator's console, whose address npm start prints.",
      },
    ]);
  }
}
