import { Logger, UseGuards, type ExecutionContext, type Type } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';

import { AccessPolicies } from '../../../../src/access/policy/access-policies.js';
import { admittedTo } from '../../../../src/access/guards/admitted-identity.js';
import { CredentialSource } from '../../../../src/access/credentials/credential-source.js';
import { HttpCredentialSource } from '../../../../src/access/credentials/http-credential.source.js';
import { WixAccess } from '../../../../src/access/guards/wix-access.service.js';
import { WixInstanceAuth } from '../../../../src/access/decorators/wix-instance-auth.decorator.js';
import { WixUserAuth } from '../../../../src/access/decorators/wix-user-auth.decorator.js';
import { WixUserGuard } from '../../../../src/access/guards/wix-user.guard.js';
import { WixAuthGuard } from '../../../../src/access/guards/wix-auth.guard.js';
import { WixInstanceGuard } from '../../../../src/access/guards/wix-instance.guard.js';
import { AuthEvents } from '../../../../src/core/auth-events.js';
import { codeOf, errorOf } from '../../../support/code-of.js';
import { FakeGrants, FakeIdentities, identityOf } from '../fake-services.js';

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
  beforeEach(() => {
    identities = new FakeIdentities();
    grants = new FakeGrants();
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
      events: new AuthEvents(),
    });

  it('answers at once for a kept identity with kept grants', () => {
    expect(new WixUserGuard(access()).canActivate(contextOf([request('user-token')]))).toBe(true);
    expect(identities.verified).toEqual([]);
    expect(grants.asked).toEqual([]);
  });

  it('says how to let the app in where a list of others replaced the default', async () => {
    const refusal = async (token: string) =>
      errorOf(() =>
        new WixInstanceGuard(access()).canActivate(contextOf([request(token), response], 'http', 'visitors')),
      );
    const ofTheApp = await refusal('app-token');
    expect(ofTheApp).toMatchObject({ message: expect.stringMatching(/^The caller is an app, .*'visitor', 'app'/) });
    expect(await refusal('user-token')).toMatchObject({ message: expect.stringMatching(/^The caller is a user, /) });
  });

  it('answers with a promise where something has to be asked', async () => {
    grants.isWarm = false;
    const answer = new WixUserGuard(access()).canActivate(contextOf([request('user-token')]));
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(true);
  });

  it('looks at a call once, however many guards ask', async () => {
    identities.isWarm = grants.isWarm = false;
    const shared = access();
    const context = contextOf([request('user-token')]);
    await new WixUserGuard(shared).canActivate(context);
    expect(new WixAuthGuard(shared).canActivate(context)).toBe(true);
    expect([identities.verified, grants.asked]).toEqual([['user-token'], [expect.anything()]]);
  });

  it('looks again on behalf of another registration', async () => {
    const context = contextOf([request('user-token')]);
    await new WixUserGuard(access()).canActivate(context);
    identities.failure = new RangeError('another app');
    expect(await errorOf(() => new WixUserGuard(access()).canActivate(context))).toBe(identities.failure);
  });

  it('keeps the promise of a guard that other code calls', async () => {
    const context = contextOf([request('visitor-token'), response], 'http', 'plain');
    expect(await codeOf(() => new WixUserGuard(access()).canActivate(context))).toBe('WIX_IDENTITY_NOT_ALLOWED');
    expect(await codeOf(() => new WixInstanceGuard(access()).canActivate(context))).toBe('WIX_IDENTITY_NOT_ALLOWED');
    expect(new WixAuthGuard(access()).canActivate(context)).toBe(true);
  });

  it('keeps that promise after another guard has let the call pass', async () => {
    const shared = access();
    const context = contextOf([request('visitor-token'), response], 'http', 'any');
    expect(new WixAuthGuard(shared).canActivate(context)).toBe(true);
    expect(await codeOf(() => new WixUserGuard(shared).canActivate(context))).toBe('WIX_IDENTITY_NOT_ALLOWED');
  });

  describe('in GraphQL', () => {
    const operation = (req: object, handler: keyof Handlers = 'user') =>
      contextOf([undefined, {}, { req }, {}], 'graphql', handler);

    it('notes the identity for the resolver', async () => {
      const context = operation(request('user-token'));
      await new WixUserGuard(access()).canActivate(context);
      expect(admittedTo(context)).toBe(identityOf.user);
    });

    it('gives every resolver of an operation its own policy', async () => {
      const req = request('visitor-token');
      const shared = access();
      expect(new WixAuthGuard(shared).canActivate(operation(req, 'any'))).toBe(true);
      expect(await errorOf(() => new WixUserGuard(shared).canActivate(operation(req)))).toMatchObject({
        extensions: { code: 'WIX_IDENTITY_NOT_ALLOWED', identityType: 'visitor', allowedIdentities: ['user'] },
      });
    });
  });

  it('notes identities per HTTP request, also where a request has no headers', () => {
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

    it('refuses everyone unless told where the credential stands', async () => {
      expect(await codeOf(() => access().admit(message({ token: 'user-token' }), 'user'))).toBe('WIX_MISCONFIGURED');
    });

    it('lets pass who presents a good credential where the app said', () => {
      const context = message({ token: 'user-token' });
      expect(access(new MessageCredentialSource()).admit(context, 'user')).toBe(true);
      expect(admittedTo(context)).toBe(identityOf.user);
    });

    it('notes identities per message', () => {
      const client = {};
      const messages = ['user-token', 'member-token'].map((token) => contextOf([client, { token }], type, 'any'));
      const guard = new WixAuthGuard(access(new MessageCredentialSource()));
      expect(messages.map((context) => guard.canActivate(context))).toEqual([true, true]);
      expect(messages.map((context) => admittedTo(context))).toEqual([identityOf.user, identityOf.member]);
    });

    it('refuses by the same codes', async () => {
      const guard = access(new MessageCredentialSource());
      expect(await codeOf(() => guard.admit(message({}), 'user'))).toBe('WIX_CREDENTIALS_MISSING');
      expect(await codeOf(() => guard.admit(message({ token: 'forged' }), 'user'))).toBe('WIX_CREDENTIALS_REJECTED');
    });
  });

  it('refuses kinds of context it does not know', async () => {
    expect(await codeOf(() => access().admit(contextOf([request('user-token')], 'telegraf'), 'user'))).toBe(
      'WIX_MISCONFIGURED',
    );
  });
});
