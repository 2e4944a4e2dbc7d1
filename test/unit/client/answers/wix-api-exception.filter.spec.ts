import { Controller, Get, Param, UseFilters, type ArgumentsHost } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';

import { WixApiExceptionFilter } from '../../../../src/client/answers/wix-api-exception.filter.js';
import { WixApiError } from '../../../../src/client/answers/wix-api.error.js';
import { errorOf } from '../../../support/code-of.js';
import { call, platforms, startApp, type RunningApp } from '../../../support/running-app.js';

const refusal = (status: number) =>
  new WixApiError({
    method: 'GET',
    path: '/stores/v3/products',
    status,
    body: { message: 'No', details: { applicationError: { code: 'SOME_CODE', description: 'Some reason' } } },
    requestId: '1700000000.123',
    retryAfterMs: status === 429 ? 1_500 : undefined,
  });

@Controller('refused')
class RefusedController {
  @Get(':status')
  refuse(@Param('status') status: string): void {
    throw refusal(Number(status));
  }
}

@Controller('filtered')
@UseFilters(WixApiExceptionFilter)
class FilteredController extends RefusedController {}

describe.each(platforms)('WixApiExceptionFilter on %s', (platform) => {
  let app: RunningApp;

  const start = async (isRegistered: boolean) => {
    const providers = isRegistered ? [{ provide: APP_FILTER, useClass: WixApiExceptionFilter }] : [];
    app = await startApp(platform, { controllers: [RefusedController, FilteredController], providers });
  };
  afterEach(() => app.close());

  it.each([
    [400, 400],
    [401, 502],
    [403, 403],
    [404, 404],
    [409, 409],
    [428, 424],
    [429, 503],
    [500, 502],
    [503, 503],
    [504, 503],
    [302, 502],
  ])('answers a %i of Wix with %i', async (status, answered) => {
    await start(true);
    expect(await call(`${app.url}/refused/${String(status)}`)).toMatchObject({
      status: answered,
      body: {
        statusCode: answered,
        message: 'Some reason',
        code: 'WIX_API_ERROR',
        applicationCode: 'SOME_CODE',
        requestId: '1700000000.123',
      },
    });
  });

  it('says when to retry', async () => {
    await start(true);
    expect((await call(`${app.url}/refused/429`)).headers.get('retry-after')).toBe('2');
  });

  it('can be applied to single controllers, too', async () => {
    await start(false);
    expect(await call(`${app.url}/filtered/403`)).toMatchObject({ status: 403, body: { code: 'WIX_API_ERROR' } });
  });

  it('is not applied unless configured', async () => {
    await start(false);
    const { status, body } = await call(`${app.url}/refused/403`);
    expect(status).toBe(500);
    expect(body).not.toHaveProperty('code');
  });
});

describe('WixApiExceptionFilter outside HTTP', () => {
  it('throws an error that GraphQL understands', async () => {
    const host = { getType: () => 'graphql' } as ArgumentsHost;
    const exception = await errorOf(() => new WixApiExceptionFilter().catch(refusal(403), host));
    expect(exception).toMatchObject({ status: 403, response: { code: 'WIX_API_ERROR' } });
  });
});
