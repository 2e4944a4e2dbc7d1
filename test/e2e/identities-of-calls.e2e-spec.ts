import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Injectable, UseGuards, type CanActivate, type DynamicModule, type ExecutionContext } from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { CredentialSource, WixAuthGuard, WixIdentity, type AnyWixIdentity } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { WebSocket } from 'ws';

import { deferred } from '../support/deferred.js';
import { siteWith } from '../support/emulated-site.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

/** Lets two calls go on together, each after our guard has admitted it and before its handler is told to whom. */
@Injectable()
class Together implements CanActivate {
  private static waiting: (() => void) | undefined;

  async canActivate(): Promise<boolean> {
    const first = Together.waiting;
    if (first !== undefined) {
      Together.waiting = undefined;
      first();
      return true;
    }
    const both = deferred<undefined>();
    Together.waiting = () => {
      both.resolve(undefined);
    };
    await both.promise;
    return true;
  }
}

@Resolver()
class FlowersResolver {
  @Query(() => String)
  @UseGuards(WixAuthGuard, Together)
  flowers(@WixIdentity() { appId, type }: AnyWixIdentity): string {
    return `${appId} ${type}`;
  }
}

@Resolver()
class BooksResolver {
  @Query(() => String)
  @UseGuards(WixAuthGuard, Together)
  books(@WixIdentity() { appId, type }: AnyWixIdentity): string {
    return `${appId} ${type}`;
  }
}

/** Reads what the other app's callers present beside the usual header. */
class BooksTokenSource extends CredentialSource {
  override presented(context: ExecutionContext): string | undefined {
    const { req } = context.getArgByIndex<{ req: { headers: Record<string, string | undefined> } }>(2);
    return req.headers['x-books-token'];
  }
}

/** Reads the token that a message is, or has. */
class MessageTokenSource extends CredentialSource {
  override presented(context: ExecutionContext): string {
    const data = context.getArgByIndex<string | { readonly token: string }>(1);
    return typeof data === 'string' ? data : data.token;
  }
}

@WebSocketGateway()
class ShopGateway {
  @SubscribeMessage('whoami')
  @UseGuards(WixAuthGuard, Together)
  whoami(@WixIdentity('type') type: string) {
    return { event: 'you', data: type };
  }

  @SubscribeMessage('ping')
  @UseGuards(WixAuthGuard)
  ping() {
    return { event: 'pong', data: true };
  }
}

describe.each(platforms)('The identity of a call, in an app on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  afterEach(() => running.close());
  afterAll(() => wix.stop());

  it('is that of the registration that admitted it, for two in one GraphQL operation', async () => {
    const books = wix.addApp();
    const feature = (module: DynamicModule['module'], ...rest: Parameters<typeof WixAuthTestingModule.forApp>) => ({
      module,
      imports: [WixAuthTestingModule.forApp(...rest)],
      providers: [module],
    });
    const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true });
    const source = { provide: CredentialSource, useClass: BooksTokenSource };
    running = await startApp(platform, {
      imports: [
        graphql,
        feature(FlowersResolver, wix, app, { isGlobal: false }),
        feature(BooksResolver, wix, books, { isGlobal: false, providers: [source] }),
      ],
    });
    const [owner, visitor] = [siteWith(wix, app).ownerToken(), siteWith(wix, books).visitorToken()];
    for (let asked = 0; asked < 2; asked += 1) {
      // The second time both are answered at once, from what was verified for the first.
      const { body } = await call(`${running.url}/graphql`, owner, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-books-token': visitor },
        body: JSON.stringify({ query: '{ flowers books }' }),
      });
      expect(body).toEqual({ data: { flowers: `${app.appId} user`, books: `${books.appId} visitor` } });
    }
  });

  describe('that is a WebSocket message', () => {
    let socket: WebSocket;

    beforeEach(async () => {
      const source = { provide: CredentialSource, useClass: MessageTokenSource };
      const imports = [WixAuthTestingModule.forApp(wix, app, { providers: [source] })];
      const configure = (nest: RunningApp['app']) => nest.useWebSocketAdapter(new WsAdapter(nest));
      running = await startApp(platform, { imports, providers: [ShopGateway] }, { configure });
      socket = new WebSocket(running.url.replace('http', 'ws'));
      await new Promise((resolve) => socket.once('open', resolve));
    });
    afterEach(() => {
      socket.close();
    });

    const answersTo = async (event: string, messages: readonly unknown[]): Promise<unknown[]> => {
      const answers: unknown[] = [];
      const all = deferred<undefined>();
      socket.on('message', (answer: Buffer) => {
        answers.push(JSON.parse(answer.toString('utf8')));
        if (answers.length === messages.length) all.resolve(undefined);
      });
      messages.forEach((data) => {
        socket.send(JSON.stringify({ event, data }));
      });
      await all.promise;
      return answers;
    };

    it('is its own, even when other messages arrive on the same socket', async () => {
      const { ownerToken, visitorToken } = siteWith(wix, app);
      const answers = await answersTo('whoami', [{ token: ownerToken() }, { token: visitorToken() }]);
      expect(answers).toEqual(
        expect.arrayContaining([
          { event: 'you', data: 'user' },
          { event: 'you', data: 'visitor' },
        ]),
      );
    });

    it('is unknown where the message is a string, which cannot hold it', async () => {
      const { ownerToken, visitorToken } = siteWith(wix, app);
      const answers = await answersTo('whoami', [ownerToken(), visitorToken()]);
      expect(answers).toMatchObject([{ event: 'exception' }, { event: 'exception' }]);
    });

    it('allows a string message where the handler does not read its sender', async () => {
      const { ownerToken } = siteWith(wix, app);
      expect(await answersTo('ping', [ownerToken()])).toEqual([{ event: 'pong', data: true }]);
    });
  });
});
