import { Controller, Get } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  WixApiExceptionFilter,
  WixAuthModule,
  WixHttpService,
  WixIdentity,
  WixUserAuth,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { map } from 'rxjs';

import { startApp, type RunningApp } from '../support/running-app.js';

const SCOPE = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';

@Controller('products')
class ProductsController {
  constructor(private readonly wix: WixHttpService) {}

  @Get()
  @WixUserAuth({ scopes: [SCOPE] })
  all(): string {
    return 'all';
  }

  @Get('absent')
  @WixUserAuth()
  absent(@WixIdentity() user: WixUserIdentity) {
    return this.wix
      .asInstance(user)
      .get('/stores/v3/products/6b0b1d3c-0000-4000-8000-000000000000')
      .pipe(map(({ data }: { data: unknown }) => data));
  }
}

describe.each(['express', 'fastify'] as const)('Refusals as problem details on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp({ scopes: [SCOPE] });
    running = await startApp(platform, {
      imports: [WixAuthModule.forRoot({ ...emulatedOptions(wix, app), errors: 'problem+json' })],
      controllers: [ProductsController],
      providers: [{ provide: APP_FILTER, useClass: WixApiExceptionFilter }],
    });
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const refused = async (path: string, authorization?: string) => {
    const response = await fetch(running.url + path, { headers: authorization === undefined ? {} : { authorization } });
    return { response, body: (await response.json()) as Record<string, unknown> };
  };

  it('carry the facts that the guards know, and the headers of RFC 6750', async () => {
    const install = wix.install(app, wix.addSite(), { grants: [] });
    const { response, body } = await refused('/products', wix.mint.userToken(install, install.site.owner));
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('www-authenticate')).toContain('insufficient_scope');
    expect(body).toEqual({
      type: 'https://nestjs-wix-auth.github.io/nestjs-wix-auth/errors/WIX_SCOPE_MISSING',
      title: 'Forbidden',
      status: 403,
      detail: expect.any(String) as string,
      code: 'WIX_SCOPE_MISSING',
      requiredScopes: [SCOPE],
      missingScopes: [SCOPE],
      lackedBy: ['app'],
    });
  });

  it('are the same for errors from Wix', async () => {
    const install = wix.install(app, wix.addSite(), { grants: [SCOPE] });
    const { response, body } = await refused('/products/absent', wix.mint.userToken(install, install.site.owner));
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ status: 404, title: 'Not Found', code: 'WIX_API_ERROR' });
    expect(body).not.toHaveProperty('statusCode');
  });
});
