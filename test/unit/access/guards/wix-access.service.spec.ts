import { Logger, UseGuards, type ExecutionContext, type Type } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';

import { AccessPolicies } from '../../../../src/access/policy/access-policies.js';
import { admittedTo } from '../../../../src/access/guards/admitted-identity.js';
import { CredentialSource } from '../../../../src/access/credentials/credential-source.js';
import { HttpCredentialSource } from '../../../../src/access/credentials/http-credential.source.js';
import { WixAccess } from '../../../../src/access/guards/wix-access.service.js';
import { RequirePlan } from '../../../../src/access/decorators/require-plan.decorator.js';
import { WixInstanceAuth } from '../../../../src/access/decorators/wix-instance-auth.decorator.js';
import { WixUserAuth } from '../../../../src/access/decorators/wix-user-auth.decorator.js';
import { WixUserGuard } from '../../../../src/access/guards/wix-user.guard.js';
import { WixAuthGuard } from '../../../../src/access/guards/wix-auth.guard.js';
import { WixInstanceGuard } from '../../../../src/access/guards/wix-instance.guard.js';
import { AuthEvents } from '../../../../src/core/auth-events.js';
import { WixCredentialsExpiredError } from '../../../../src/core/wix-auth.errors.js';
import { codeOf, errorOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { FakeGrants, FakeIdentities, FakePlans, identityOf } from '../fake-services.js';

class Handlers {
  @WixUserAuth({ scopes: ['SCOPE.A'] })
  user() {
    return undefined;
  }

  @UseGuards(WixAuthGuard)
  any() {
    return undefined;
  }

  @WixInstanceAuth({ allow: ['visitor'] })
  visitors() {
    return undefined;
  }

  @WixUserAuth({ scopes: ['SCOPE.A'] })
  @RequirePlan('pro', 'basic')
  paid() {
    return undefined;
  }

  plain() {
    return undefined;
  }
}

/** Reads the credential that lies in a message. */
class MessageCredentialSource extends CredentialSource {
  override presented(context: ExecutionContext): string | undefined {
    const [, data] = context.getArgs<[unknown, { token?: string } | undefined]>();
    return data?.token;
  }
}

const request = (authorization?: string) => ({
  headers: authorization === undefined ? {} : { authorization },
  rawHeaders: [],
});

const response = { header: () => undefined };

function contextOf(args: readonly unknown[], type = 'http', handler: keyof Handlers = 'user'): ExecutionContext {
  const context = new ExecutionContextHost([...args], Handlers as Type, Handlers.prototype[handler]);
  context.setType(type);
  return context;
}

describe('WixAccess', () => {
  let identities: FakeIdentities;
  let grants: FakeGrants;
  let plans: FakePlans;
  let clock: FakeClock;
  beforeEach(() => {
    identities = new FakeIdentities();
    grants = new FakeGrants();
    plans = new FakePlans();
    clock = new FakeClock();
  });
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  const access = (source: CredentialSource = new HttpCredentialSource()) =>
    new WixAccess({
      policies: new AccessPolicies(new ApplicationConfig()),
      source,
      identities,
      grants,
      plans,
      events: new AuthEvents(),
      clock,
    });

  it('answers at once for a cached identity with cached grants', () => {
    expect(new WixUserGuard(access()).canActivate(contextOf([request('user-token')]))).toBe(true);
    expect(identities.verified).toEqual([]);
    expect(grants.asked).toEqual([]);
  });

  it('answers at once where the plan is known, and requests no plan where none is required', () => {
    const guard = new WixUserGuard(access());
    expect(guard.canActivate(contextOf([request('user-token')], 'http', 'paid'))).toBe(true);
    expect(guard.canActivate(contextOf([request('user-token')]))).toBe(true);
    expect(plans.asked).toEqual([]);
  });

  it('requests the plan after the scopes', async () => {
    plans.isWarm = false;
    plans.plan = undefined;
    const refusal = () =>
      codeOf(async () =>
        new WixUserGuard(access()).canActivate(contextOf([request('user-token'), response], 'http', 'paid')),
      );
    await expect(refusal()).resolves.toBe('WIX_PLAN_REQUIRED');
    expect(plans.asked).toEqual([['pro', 'basic']]);
    grants.withheld = ['SCOPE.A'];
    await expect(refusal()).resolves.toBe('WIX_SCOPE_MISSING');
    expect(plans.asked).toHaveLength(1);
  });

  it('says how to admit the app where a list of others replaced the default', async () => {
    const refusal = async (token: string) =>
      errorOf(() =>
        new WixInstanceGuard(access()).canActivate(contextOf([request(token), response], 'http', 'visitors')),
      );
    const ofTheApp = await refusal('app-token');
    expect(ofTheApp).toMatchObject({ message: expect.stringMatching(/^The caller is an app, .*'visitor', 'app'/) });
    expect(await refusal('user-token')).toMatchObject({ message: expect.stringMatching(/^The caller is a user, /) });
  });

  it('answers with a promise where a request is needed', async () => {
    grants.isWarm = false;
    const answer = new WixUserGuard(access()).canActivate(contextOf([request('user-token')]));
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(true);
  });

  it('decides a call once, however many guards there are', async () => {
    identities.isWarm = grants.isWarm = false;
    const shared = access();
    const context = contextOf([request('user-token')]);
    await new WixUserGuard(shared).canActivate(context);
    expect(new WixAuthGuard(shared).canActivate(context)).toBe(true);
    expect([identities.verified, grants.asked]).toEqual([['user-token'], [expect.anything()]]);
  });

  it.each([true, false])('decides again once the credential has expired (recently verified: %s)', async (isWarm) => {
    identities.isWarm = isWarm;
    const guard = new WixUserGuard(access());
    const context = contextOf([request('user-token'), response]);
    expect(await guard.canActivate(context)).toBe(true);
    identities.failure = new WixCredentialsExpiredError('Expired.');
    expect(guard.canActivate(context)).toBe(true);
    clock.advance(identityOf.user.expiresAt.getTime() - clock.nowMs());
    expect(await codeOf(() => guard.canActivate(context))).toBe('WIX_CREDENTIALS_EXPIRED');
  });

  it('decides again for another registration', async () => {
    const context = contextOf([request('user-token')]);
    await new WixUserGuard(access()).canActivate(context);
    identities.failure = new RangeError('another app');
    expect(await errorOf(() => new WixUserGuard(access()).canActivate(context))).toBe(identities.failure);
  });

  it('decides as declared for a guard that other code calls', async () => {
    const context = contextOf([request('visitor-token'), response], 'http', 'plain');
    expect(await codeOf(() => new WixUserGuard(access()).canActivate(context))).toBe('WIX_IDENTITY_NOT_ALLOWED');
    expect(await codeOf(() => new WixInstanceGuard(access()).canActivate(context))).toBe('WIX_IDENTITY_NOT_ALLOWED');
    expect(new WixAuthGuard(access()).canActivate(context)).toBe(true);
  });

  it('decides as declared for that guard even after another guard has admitted the call', async () => {
    const shared = access();
    const context = contextOf([request('visitor-token'), response], 'http', 'any');
    expect(new WixAuthGuard(shared).canActivate(context)).toBe(true);
    expect(await codeOf(() => new WixUserGuard(shared).canActivate(context))).toBe('WIX_IDENTITY_NOT_ALLOWED');
  });

  describe('in GraphQL', () => {
    const operation = (req: object, handler: keyof Handlers = 'user') =>
      contextOf([undefined, {}, { req }, {}], 'graphql', handler);

    it('records the identity for the resolver', async () => {
      const context = operation(request('user-token'));
      await new WixUserGuard(access()).canActivate(context);
      expect(admittedTo(context)).toBe(identityOf.user);
    });

    it('gives every resolver of an operation the identity admitted to it, and no other', async () => {
      const req = request('user-token');
      const [guarded, unguarded] = [operation(req), operation(req, 'plain')];
      await new WixUserGuard(access()).canActivate(guarded);
      expect(admittedTo(unguarded)).toBeUndefined();
      expect(admittedTo(operation(req))).toBeUndefined();
    });

    it('gives each of two registrations the identity it admitted itself', async () => {
      const req = request('user-token');
      const [first, second] = [operation(req), operation(req, 'any')];
      await new WixUserGuard(access()).canActivate(first);
      identities = new FakeIdentities();
      identities.cached = () => identityOf.visitor;
      await new WixAuthGuard(access()).canActivate(second);
      expect([admittedTo(first), admittedTo(second)]).toEqual([identityOf.user, identityOf.visitor]);
    });

    it('applies its own policy to every resolver of an operation', async () => {
      const req = request('visitor-token');
      const shared = access();
      expect(new WixAuthGuard(shared).canActivate(operation(req, 'any'))).toBe(true);
      expect(await errorOf(() => new WixUserGuard(shared).canActivate(operation(req)))).toMatchObject({
        extensions: { code: 'WIX_IDENTITY_NOT_ALLOWED', identityType: 'visitor', allowedIdentities: ['user'] },
      });
    });
  });

  it('records identities per HTTP request, even where a request has no headers', () => {
    class TokenOnRequest extends CredentialSource {
      override presented(context: ExecutionContext): string {
        return context.getArgByIndex<{ readonly token: string }>(0).token;
      }
    }
    const guard = new WixAuthGuard(access(new TokenOnRequest()));
    const calls = ['user-token', 'member-token'].map((token) => contextOf([{ token }, response], 'http', 'any'));
    expect(calls.map((context) => guard.canActivate(context))).toEqual([true, true]);
    expect(calls.map((context) => admittedTo(context))).toEqual([identityOf.user, identityOf.member]);
  });

  describe.each(['ws', 'rpc'])('in %s messages', (type) => {
    const message = (data: unknown) => contextOf([{}, data], type);

    it('refuses every caller unless a source of the credential is configured', async () => {
      expect(await codeOf(() => access().admit(message({ token: 'user-token' }), 'user'))).toBe('WIX_MISCONFIGURED');
    });

    it('admits a good credential from the configured source', () => {
      const context = message({ token: 'user-token' });
      expect(access(new MessageCredentialSource()).admit(context, 'user')).toBe(true);
      expect(admittedTo(context)).toBe(identityOf.user);
    });

    it('records identities per message', () => {
      const client = {};
      const messages = ['user-token', 'member-token'].map((token) => contextOf([client, { token }], type, 'any'));
      const guard = new WixAuthGuard(access(new MessageCredentialSource()));
      expect(messages.map((context) => guard.canActivate(context))).toEqual([true, true]);
      expect(messages.map((context) => admittedTo(context))).toEqual([identityOf.user, identityOf.member]);
    });

    it('does not give a handler the identity admitted to another of the same message', () => {
      const data = { token: 'user-token' };
      const [client, guard] = [{}, new WixAuthGuard(access(new MessageCredentialSource()))];
      expect(guard.canActivate(contextOf([client, data], type, 'any'))).toBe(true);
      expect(admittedTo(contextOf([client, data], type, 'any'))).toBe(identityOf.user);
      expect(admittedTo(contextOf([client, data], type, 'plain'))).toBeUndefined();
    });

    it('cannot identify the caller where several calls share their arguments', async () => {
      const data = { token: 'user-token' };
      const guard = new WixAuthGuard(access(new MessageCredentialSource()));
      const [first, second] = [contextOf([{}, data], type, 'any'), contextOf([{}, data], type, 'any')];
      await guard.canActivate(first);
      await guard.canActivate(second);
      expect(admittedTo(first)).toBe(identityOf.user);
      data.token = 'member-token';
      await guard.canActivate(contextOf([{}, data], type, 'any'));
      expect(await codeOf(() => admittedTo(first))).toBe('WIX_MISCONFIGURED');
      expect(await codeOf(() => admittedTo(second))).toBe('WIX_MISCONFIGURED');
    });

    it('cannot identify the caller where several registrations admitted one', async () => {
      const context = contextOf([{}, { token: 'user-token' }], type, 'any');
      for (const shared of [access(new MessageCredentialSource()), access(new MessageCredentialSource())]) {
        expect(new WixAuthGuard(shared).canActivate(context)).toBe(true);
      }
      expect(await codeOf(() => admittedTo(context))).toBe('WIX_MISCONFIGURED');
    });

    it('refuses by the same codes', async () => {
      const guard = access(new MessageCredentialSource());
      expect(await codeOf(() => guard.admit(message({}), 'user'))).toBe('WIX_CREDENTIALS_MISSING');
      expect(await codeOf(() => guard.admit(message({ token: 'forged' }), 'user'))).toBe('WIX_CREDENTIALS_REJECTED');
    });
  });

  it('admits strings from a WebSocket, and cannot identify their sender to handlers', async () => {
    class HandshakeSource extends CredentialSource {
      override presented(context: ExecutionContext): string {
        return context.getArgByIndex<{ readonly token: string }>(0).token;
      }
    }
    const client = { token: 'user-token' };
    const context = contextOf([client, 'text'], 'ws', 'any');
    expect(new WixAuthGuard(access(new HandshakeSource())).canActivate(context)).toBe(true);
    expect(Reflect.ownKeys(client)).toEqual(['token']);
    expect(await errorOf(() => admittedTo(context))).toMatchObject({
      code: 'WIX_MISCONFIGURED',
      message: expect.stringContaining('Handlers.any') as string,
    });
  });

  it('refuses unknown kinds of context', async () => {
    expect(await codeOf(() => access().admit(contextOf([request('user-token')], 'telegraf'), 'user'))).toBe(
      'WIX_MISCONFIGURED',
    );
  });
});
