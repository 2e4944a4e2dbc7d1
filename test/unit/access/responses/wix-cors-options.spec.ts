import { Controller, Get } from '@nestjs/common';
import request from 'supertest';

import { wixCorsOptions } from '../../../../src/access/responses/wix-cors-options.js';
import { startApp } from '../access-app.js';

@Controller()
class Routes {
  @Get()
  list() {
    return {};
  }
}

describe('wixCorsOptions', () => {
  it("answers the preflight of Wix's front ends", async () => {
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
