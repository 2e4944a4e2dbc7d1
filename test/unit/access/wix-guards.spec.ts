import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import {
  Controller,
  Get,
  Injectable,
  Post,
  UseGuards,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import request from 'supertest';

import { AcceptInstanceQuery } from '../../../src/access/decorators/accept-instance-query.decorator.js';
import { AllowIdentities } from '../../../src/access/decorators/allow-identities.decorator.js';
import { RequireScopes } from '../../../src/access/decorators/require-scopes.decorator.js';
import { WixAuthGuard } from '../../../src/access/guards/wix-auth.guard.js';
import { WixIdentity } from '../../../src/access/decorators/wix-identity.decorator.js';
import { WixInstanceAuth } from '../../../src/access/decorators/wix-instance-auth.decorator.js';
import { WixInstanceGuard } from '../../../src/access/guards/wix-instance.guard.js';
import { WixPublic } from '../../../src/access/decorators/wix-public.decorator.js';
import { WixUserAuth } from '../../../src/access/decorators/wix-user-auth.decorator.js';
import { WixUserGuard } from '../../../src/access/guards/wix-user.guard.js';
import { WixAppRefusedError, WixUnavailableError } from '../../../src/core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../../../src/core/identities/wix-identity.js';
import { startApp, type AccessAppOptions } from './access-app.js';
import { FakeGrants, FakeIdentities } from './fake-services.js';

@Injectable()
class StaffGuard extends WixUserGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    return (await super.canActivate(context)) && context.getHandler().name !== 'forbidden';
  }
}

class Inherited {
  @Get('inherited')
  inherited(@WixIdentity('type') type: string) {
    return { type };
  }
}

@Controller('users')
@UseGuards(WixUserGuard)
@RequireScopes('SCOPE.CLASS')
class UserRoutes extends Inherited {
  @Get('scoped')
  @RequireScopes('SCOPE.METHOD')
  @WixUserAuth({ scopes: ['SCOPE.SHORT'] })
  scoped(@WixIdentity('userId') userId: string) {
    return { userId };
  }

  @Get('app')
  @UseGuards(WixInstanceGuard)
  app(@WixIdentity('type') type: string) {
    return { type };
  }

  @Get('public')
  @WixPublic()
  public() {
    return { open: true };
  }

  @Get('forbidden')
  @UseGuards(StaffGuard)
  forbidden() {
    return {};
  }
}

@Controller()
class Routes {
  @Get('any')
  @UseGuards(WixAuthGuard)
  any(@WixIdentity() identity: AnyWixIdentity) {
    return { type: identity.type };
  }

  @Get('elevated')
  @WixInstanceAuth({ allow: ['app', 'visitor'], scopes: ['SCOPE.A'] })
  elevated(@WixIdentity('type') type: string) {
    return { type };
  }

  @Get('greeting')
  @WixPublic()
  @UseGuards(WixAuthGuard)
  greeting(@WixIdentity.optional() identity?: AnyWixIdentity, @WixIdentity.optional('type') type?: string) {
    return { type: identity?.type ?? 'nobody', again: type ?? 'nobody' };
  }

  @Get('page')
  @AcceptInstanceQuery()
  @UseGuards(WixAuthGuard)
  page(@WixIdentity('type') type: string) {
    return { type };
  }

  @Post('members')
  @UseGuards(WixAuthGuard)
  @AllowIdentities('member')
  members() {
    return {};
  }
}

@Controller()
class Undecorated {
  @Get('undecorated')
  read(@WixIdentity() identity: AnyWixIdentity) {
    return identity;
  }
}

describe.each(['express', 'fastify'] as const)('guards on %s', (platform) => {
  const apps: INestApplication<Server>[] = [];
  let identities: FakeIdentities;
  let grants: FakeGrants;

  beforeEach(() => {
    identities = new FakeIdentities();
    grants = new FakeGrants();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });

  async function start(options: AccessAppOptions = {}): Promise<Server> {
    const controllers = [Routes, UserRoutes];
    const app = await startApp({ controllers }, { identities, grants, platform, ...options });
    apps.push(app);
    return app.getHttpServer();
  }

  const get = async (path: string, authorization?: string, options?: AccessAppOptions) => {
    const sent = request(await start(options)).get(path);
    return authorization === undefined ? sent : sent.set('Authorization', authorization);
  };

  describe.each([true, false])('whether cached (%s) or newly verified', (isWarm) => {
    beforeEach(() => {
      identities.isWarm = isWarm;
      grants.isWarm = isWarm;
    });

    it.each(['user-token', 'Bearer user-token', 'BEARER user-token'])('admit "%s"', async (authorization) => {
      expect((await get('/any', authorization)).body).toEqual({ type: 'user' });
    });

    it('pass one field of the identity to a parameter', async () => {
      expect((await get('/users/scoped', 'user-token')).body).toEqual({ userId: 'u-1' });
    });

    it('protect inherited handlers', async () => {
      expect((await get('/users/inherited', 'user-token')).body).toEqual({ type: 'user' });
      expect((await get('/users/inherited', 'visitor-token')).status).toBe(403);
      expect((await get('/users/inherited')).status).toBe(401);
    });

    it("apply the method's authority where the class has another", async () => {
      expect((await get('/users/app', 'app-token')).body).toEqual({ type: 'app' });
      expect((await get('/users/app', 'user-token')).status).toBe(403);
    });

    it('refuse a kind of caller the route does not take', async () => {
      const answer = await get('/users/scoped', 'visitor-token');
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({
        statusCode: 403,
        error: 'Forbidden',
        code: 'WIX_IDENTITY_NOT_ALLOWED',
        identityType: 'visitor',
        allowedIdentities: ['user'],
      });
    });

    it('say how to widen a route that acts as the app', async () => {
      expect((await get('/elevated', 'member-token')).body).toMatchObject({
        code: 'WIX_IDENTITY_NOT_ALLOWED',
        message: expect.stringContaining("@AllowIdentities('app', 'visitor', 'member')"),
      });
      expect((await get('/elevated', 'visitor-token')).body).toEqual({ type: 'visitor' });
    });

    it('refuse a missing scope', async () => {
      grants.withheld = ['SCOPE.SHORT'];
      const answer = await get('/users/scoped', 'user-token');
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: 'WIX_SCOPE_MISSING', missingScopes: ['SCOPE.SHORT'] });
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer error="insufficient_scope", scope="SCOPE.METHOD SCOPE.SHORT SCOPE.CLASS"',
      );
    });

    it('apply a subclass in addition to what it inherits', async () => {
      expect((await get('/users/forbidden', 'user-token')).body).toMatchObject({ message: 'Forbidden resource' });
      expect((await get('/users/forbidden', 'visitor-token')).body).toMatchObject({ code: 'WIX_IDENTITY_NOT_ALLOWED' });
    });
  });

  it('request all scopes of class and method once, however many guards there are', async () => {
    grants.isWarm = identities.isWarm = false;
    await get('/users/scoped', 'user-token', { globalGuard: true });
    expect(identities.verified).toEqual(['user-token']);
    expect(grants.asked).toEqual([
      { type: 'user', authority: 'caller', scopes: ['SCOPE.METHOD', 'SCOPE.SHORT', 'SCOPE.CLASS'] },
    ]);
  });

  it("check the app's scopes where the route acts as the app", async () => {
    grants.isWarm = false;
    await get('/elevated', 'visitor-token');
    expect(grants.asked).toEqual([{ type: 'visitor', authority: 'app', scopes: ['SCOPE.A'] }]);
  });

  it('send a plain challenge to a request without credentials', async () => {
    for (const authorization of [undefined, '']) {
      const answer = await get('/any', authorization);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.body).toMatchObject({ error: 'Unauthorized', code: 'WIX_CREDENTIALS_MISSING' });
    }
  });

  it('refuse a bad credential', async () => {
    const answer = await get('/any', 'forged');
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(answer.body).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
  });

  it('refuse two Authorization headers, although Node shows only one', async () => {
    const server = await start();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET /any HTTP/1.1\r\nHost: x\r\nConnection: close\r\n');
    socket.end('Authorization: user-token\r\nauthorization: visitor-token\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 .*"code":"WIX_CREDENTIALS_AMBIGUOUS"/s);
  });

  it('answer an outage with 503 and when to retry', async () => {
    identities.failure = new WixUnavailableError('Wix cannot be asked.', { retryAfterMs: 2_500, requestId: '1.2' });
    const answer = await get('/any', 'user-token');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('3');
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(answer.body).toMatchObject({ code: 'WIX_UNAVAILABLE', requestId: '1.2' });
  });

  it('tell the operator, and not callers, why Wix refuses the app', async () => {
    const logged: unknown[] = [];
    const logger = { log: () => undefined, warn: () => undefined, error: (line: unknown) => void logged.push(line) };
    grants.failure = new WixAppRefusedError('Wix refuses the secret of app 4711.');
    const answer = await get('/elevated', 'visitor-token', { logger });
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain('4711');
    expect(logged).toEqual([expect.stringContaining('4711')]);
  });

  it('pass on other failures', async () => {
    identities.failure = new RangeError('a bug');
    expect((await get('/any', 'user-token')).body).toEqual({ statusCode: 500, message: 'Internal server error' });
  });

  describe('on public routes', () => {
    it.each([undefined, 'forged', 'visitor-token'])('admit %s without verification', async (authorization) => {
      expect((await get('/users/public', authorization)).body).toEqual({ open: true });
      expect(identities.verified).toEqual([]);
    });

    it.each([true, false])('give the handler the identity if it reads it (cached: %s)', async (isWarm) => {
      identities.isWarm = isWarm;
      expect((await get('/greeting', 'member-token')).body).toEqual({ type: 'member', again: 'member' });
      expect((await get('/greeting')).body).toEqual({ type: 'nobody', again: 'nobody' });
    });

    it('refuse a bad credential where the handler reads the identity', async () => {
      const answer = await get('/greeting', 'forged');
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
    });
  });

  describe('on routes that accept a signed instance in the query', () => {
    it('admit it, and hide the response from caches and referrers', async () => {
      const answer = await get('/page?instance=visitor-instance');
      expect(answer.body).toEqual({ type: 'visitor' });
      expect(answer.headers).toMatchObject({
        'cache-control': 'private, no-store',
        'referrer-policy': 'no-referrer',
      });
    });

    it('hide refusals from them too', async () => {
      const answer = await get('/page?instance=user-token');
      expect(answer.body).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
      expect(answer.headers['cache-control']).toBe('private, no-store');
    });

    it('ignore it beside an Authorization header', async () => {
      const answer = await get('/page?instance=visitor-instance', 'user-token');
      expect(answer.body).toEqual({ type: 'user' });
    });

    it('ignore it on all other routes', async () => {
      expect((await get('/any?instance=visitor-instance')).body).toMatchObject({ code: 'WIX_CREDENTIALS_MISSING' });
    });
  });

  it('accept only a signed instance from the configured header', async () => {
    const server = await start();
    const good = await request(server).get('/any').set('X-Wix-Instance', 'user-instance');
    const bad = await request(server).get('/any').set('X-Wix-Instance', 'user-token');
    expect([good.body, bad.status]).toEqual([{ type: 'user' }, 401]);
  });

  describe('registered globally', () => {
    it('protect every route', async () => {
      const app = await startApp({ controllers: [Undecorated] }, { platform, globalGuard: true });
      apps.push(app);
      await request(app.getHttpServer()).get('/undecorated').expect(401);
      const answer = await request(app.getHttpServer()).get('/undecorated').set('Authorization', 'user-token');
      expect(answer.body).toMatchObject({ type: 'user' });
    });

    it("apply the route's own authority", async () => {
      expect((await get('/users/scoped', 'app-token', { globalGuard: true })).status).toBe(403);
    });

    it('leave public routes public', async () => {
      expect((await get('/users/public', undefined, { globalGuard: true })).status).toBe(200);
    });
  });
});
