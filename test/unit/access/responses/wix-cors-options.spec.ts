import { Controller, Get } from '@nestjs/common';
import request from 'supertest';

import { wixCorsOptions, wixOrigins } from '../../../../src/access/responses/wix-cors-options.js';
import { startApp } from '../access-app.js';

@Controller()
class Routes {
  @Get()
  list() {
    return {};
  }
}

describe('wixCorsOptions', () => {
  it('answers the preflight of Wix front ends', async () => {
    const app = await startApp(
      { controllers: [Routes] },
      {
        globalGuard: true,
        configure: (started) => {
          started.enableCors(wixCorsOptions({ origin: 'https://shop.example', allowedHeaders: ['x-wix-instance'] }));
        },
      },
    );
    const answer = await request(app.getHttpServer())
      .options('/')
      .set('Origin', 'https://shop.example')
      .set('Access-Control-Request-Method', 'GET')
      .set('Access-Control-Request-Headers', 'authorization,x-wix-linguist');
    await app.close();

    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-origin']).toBe('https://shop.example');
    expect(answer.headers['access-control-allow-headers']).toBe(
      'authorization,content-type,x-wix-linguist,x-wix-consistent,x-wix-instance',
    );
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('wixOrigins', () => {
  const allows = (settings: Partial<Parameters<typeof wixOrigins>[0]>, origin: string): boolean =>
    wixOrigins({ appId: 'A1B2', ...settings }).some((known) =>
      typeof known === 'string' ? known === origin : known.test(origin),
    );

  it.each(['https://a1b2.wix.run', 'https://manage.wix.com', 'https://editor.wix.com'])('matches %s', (origin) => {
    expect(allows({}, origin)).toBe(true);
  });

  it.each([
    'https://b3c4.wix.run',
    'http://manage.wix.com',
    'https://manage.wix.com.evil.test',
    'http://localhost:5173',
  ])('does not match %s', (origin) => {
    expect(allows({}, origin)).toBe(false);
  });

  it('accepts sites, and localhost in development', () => {
    expect(allows({ sites: [/\.wixsite\.com$/] }, 'https://flowers.wixsite.com')).toBe(true);
    expect(allows({ development: true }, 'http://localhost:5173')).toBe(true);
    expect(allows({ development: true }, 'http://localhost.evil.test')).toBe(false);
  });
});
