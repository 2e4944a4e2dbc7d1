import { Controller, Get, Logger } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { lastValueFrom, type Observable } from 'rxjs';
import request from 'supertest';

import { WixAuthExceptionFilter } from '../../../../src/access/responses/wix-auth-exception.filter.js';
import {
  WixIdentityExpiredError,
  WixMisconfiguredError,
  WixOnBehalfUnavailableError,
} from '../../../../src/core/wix-auth.errors.js';
import { errorOf } from '../../../support/code-of.js';
import { startApp } from '../access-app.js';

@Controller()
class Routes {
  @Get('expired')
  expired() {
    throw new WixIdentityExpiredError('Too old to act for.');
  }

  @Get('signed')
  signed() {
    throw new WixOnBehalfUnavailableError('A signed instance is no API token.');
  }
}

const error = new WixIdentityExpiredError('Too old to act for.');

function hostOf(type: string, args: readonly unknown[] = []): ExecutionContextHost {
  const host = new ExecutionContextHost([...args]);
  host.setType(type);
  return host;
}

describe('WixAuthExceptionFilter', () => {
  it.each(['express', 'fastify'] as const)(
    'answers an error that a handler let through like a guard (%s)',
    async (platform) => {
      const app = await startApp({ controllers: [Routes] }, { platform });
      const expired = await request(app.getHttpServer()).get('/expired');
      const signed = await request(app.getHttpServer()).get('/signed');
      await app.close();

      expect(expired.status).toBe(401);
      expect(expired.headers['www-authenticate']).toContain('invalid_token');
      expect(expired.body).toMatchObject({ code: 'WIX_IDENTITY_EXPIRED', error: 'Unauthorized' });
      expect([signed.status, signed.body]).toEqual([
        403,
        expect.objectContaining({ code: 'WIX_ON_BEHALF_UNAVAILABLE' }),
      ]);
    },
  );

  it('puts the code where GraphQL servers copy it from', async () => {
    const thrown = await errorOf(() => new WixAuthExceptionFilter().catch(error, hostOf('graphql')));
    expect(thrown).toMatchObject({ extensions: { code: 'WIX_IDENTITY_EXPIRED' } });
  });

  it('sends the code to the client of a gateway', () => {
    const sent: unknown[] = [];
    const client = { emit: (...event: unknown[]) => sent.push(event) };
    new WixAuthExceptionFilter().catch(error, hostOf('ws', [client, {}]));
    expect(sent).toEqual([['exception', expect.objectContaining({ status: 'error', code: 'WIX_IDENTITY_EXPIRED' })]]);
  });

  it('returns the code to the caller of a message handler', async () => {
    const answer = new WixAuthExceptionFilter().catch(error, hostOf('rpc')) as Observable<unknown>;
    await expect(lastValueFrom(answer)).rejects.toMatchObject({ status: 'error', code: 'WIX_IDENTITY_EXPIRED' });
  });

  it('logs for the operator what callers do not see', async () => {
    const logged: unknown[] = [];
    Logger.overrideLogger({
      log: () => undefined,
      warn: () => undefined,
      error: (line: unknown) => void logged.push(line),
    });
    await errorOf(() => new WixAuthExceptionFilter().catch(new WixMisconfiguredError('No guard.'), hostOf('graphql')));
    Logger.overrideLogger(false);
    expect(logged).toEqual(['WIX_MISCONFIGURED: No guard.']);
  });
});
