import { Injectable, UseGuards, type ExecutionContext, type INestApplication, type Provider } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { RpcException } from '@nestjs/microservices';
import { WsException } from '@nestjs/websockets';
import { CredentialSource, WixAuthGuard, WixUserAuth } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { errorOf } from '../support/code-of.js';
import { siteWith } from '../support/emulated-site.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';

@Injectable()
class MessageHandlers {
  @UseGuards(WixAuthGuard)
  anyone() {
    return 'passed';
  }

  @WixUserAuth()
  user() {
    return 'passed';
  }
}

/** Reads the credential of any message from its data, however the kind of context is called. */
class DataCredentialSource extends CredentialSource {
  override presented(context: ExecutionContext): string | undefined {
    const { token } = context.getArgByIndex<{ token?: string }>(context.getType<string>() === 'ws' ? 1 : 0);
    return token;
  }
}

/** A handler as a transport of that kind calls it, guards first. What the guards throw is the transport's to tell. */
function called(nest: INestApplication, kind: string, name: keyof MessageHandlers): (...args: unknown[]) => unknown {
  const handlers = nest.get(MessageHandlers);
  const enhancers = { guards: true, interceptors: true, filters: false };
  const creator = nest.get(ExternalContextCreator);
  return creator.create(handlers, handlers[name], name, '', undefined, undefined, undefined, enhancers, kind);
}

// GraphQL servers read the code from the extensions, Nest's message transports from the payload, others from the error.
function codeIn(error: Error): unknown {
  const payload = error instanceof WsException || error instanceof RpcException ? error.getError() : undefined;
  return Reflect.get(Object(payload ?? Reflect.get(error, 'extensions') ?? error) as object, 'code');
}

const kinds = ['ws', 'rpc', 'graphql', 'telegram'] as const;

describe.each(platforms)('Contexts that are no HTTP request, in an app on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  beforeEach(() => {
    wix.resetLog();
  });
  afterEach(() => running.close());
  afterAll(() => wix.stop());

  const start = async (...providers: Provider[]): Promise<void> => {
    const imports = [WixAuthTestingModule.forApp(wix, app, { providers })];
    running = await startApp(platform, { imports, providers: [MessageHandlers] });
  };
  const outcome = async (kind: string, name: keyof MessageHandlers, args: readonly unknown[]): Promise<unknown> => {
    const error = await errorOf(() => called(running.app, kind, name)(...args));
    return error === undefined ? 'passed' : codeIn(error);
  };

  it.each(kinds)('such as %s, are refused until the app says where credentials stand in them', async (kind) => {
    await start();
    const token = siteWith(wix, app).ownerToken();
    const lookalike = { headers: { authorization: token }, handshake: { auth: { token } }, token };
    for (const args of [[lookalike, lookalike], [lookalike, lookalike, lookalike, {}], [], ['text', 1]]) {
      expect(await outcome(kind, 'anyone', args)).toBe('WIX_MISCONFIGURED');
    }
    expect(wix.count()).toBe(0);
  });

  it('with a source of credentials, let a good one pass, and refuse the others as ever', async () => {
    await start({ provide: CredentialSource, useClass: DataCredentialSource });
    for (const kind of ['ws', 'rpc', 'telegram']) {
      const messages = (token?: string) => (kind === 'ws' ? [{}, { token }] : [{ token }, {}]);
      const site = siteWith(wix, app);
      expect(await outcome(kind, 'user', messages(site.ownerToken()))).toBe('passed');
      expect(await outcome(kind, 'user', messages(site.visitorToken()))).toBe('WIX_IDENTITY_NOT_ALLOWED');
      expect(await outcome(kind, 'user', messages())).toBe('WIX_CREDENTIALS_MISSING');
      expect(await outcome(kind, 'anyone', messages('rubbish'))).toBe('WIX_CREDENTIALS_MALFORMED');
    }
  });

  it('may hold an HTTP request, as GraphQL does however its server names it', async () => {
    await start();
    const authorization = siteWith(wix, app).ownerToken();
    const request = { headers: { authorization }, rawHeaders: [] };
    for (const context of [{ req: request }, { request }, { reply: { request: { raw: request } } }]) {
      expect(await outcome('graphql', 'user', [{}, {}, context, {}])).toBe('passed');
    }
    const stranger = { req: { headers: {}, rawHeaders: [] } };
    expect(await outcome('graphql', 'user', [{}, {}, stranger, {}])).toBe('WIX_CREDENTIALS_MISSING');
  });
});
