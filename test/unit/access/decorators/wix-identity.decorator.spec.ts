import type { Server } from 'node:http';

import { Controller, Get, UseGuards, ValidationPipe, type INestApplication } from '@nestjs/common';
import request from 'supertest';

import { WixAuthGuard } from '../../../../src/access/guards/wix-auth.guard.js';
import { WixIdentity } from '../../../../src/access/decorators/wix-identity.decorator.js';
import { WixPublic } from '../../../../src/access/decorators/wix-public.decorator.js';
import type { AnyWixIdentity } from '../../../../src/core/identities/wix-identity.js';
import type { WixInstanceId } from '../../../../src/core/identities/wix-instance-id.js';
import { startApp } from '../access-app.js';
import { identityOf } from '../fake-services.js';

const received: unknown[] = [];

@Controller()
class Routes {
  @Get('whole')
  @UseGuards(WixAuthGuard)
  whole(@WixIdentity() identity: AnyWixIdentity) {
    received.push(identity);
  }

  @Get('fields')
  @UseGuards(WixAuthGuard)
  fields(
    @WixIdentity('instanceId') instanceId: WixInstanceId,
    @WixIdentity('type') type: string,
    @WixIdentity('isSiteOwner') isSiteOwner: boolean,
    @WixIdentity('expiresAt') expiresAt: Date,
  ) {
    received.push(instanceId, type, isSiteOwner, expiresAt);
  }

  @Get('optional')
  @WixPublic()
  @UseGuards(WixAuthGuard)
  optional(@WixIdentity.optional() identity: AnyWixIdentity | undefined) {
    received.push(identity);
  }
}

describe.each([
  { transform: true },
  { transform: true, whitelist: true },
  { transform: true, whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true },
  { whitelist: true, forbidUnknownValues: true },
])('WixIdentity under a global ValidationPipe(%j)', (options) => {
  let app: INestApplication<Server>;
  beforeAll(async () => {
    const pipe = new ValidationPipe({ validateCustomDecorators: true, ...options });
    app = await startApp({ controllers: [Routes] }, { configure: (started) => started.useGlobalPipes(pipe) });
  });
  afterEach(() => {
    received.splice(0);
  });
  afterAll(() => app.close());

  const get = (path: string) => request(app.getHttpServer()).get(path);

  it('passes the very object that the guard verified', async () => {
    await get('/whole').set('Authorization', 'user-token').expect(200);
    expect(received[0]).toBe(identityOf.user);
  });

  it('passes fields unchanged', async () => {
    await get('/fields').set('Authorization', 'user-token').expect(200);
    const { instanceId, type, isSiteOwner, expiresAt } = identityOf.user;
    expect(received).toEqual([instanceId, type, isSiteOwner, expiresAt]);
    expect(received[3]).toBe(expiresAt);
  });

  it('passes undefined on a public route', async () => {
    await get('/optional').expect(200);
    expect(received).toEqual([undefined]);
  });
});
