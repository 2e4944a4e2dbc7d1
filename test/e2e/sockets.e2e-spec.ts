import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';

import { UseFilters, UseGuards, type ModuleMetadata, type Type } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test, type TestingModule } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import {
  InvalidationBus,
  WixAuthExceptionFilter,
  WixIdentityExpiredError,
  RequireScopes,
  WixClock,
  WixConnections,
  WixIdentity,
  WixPublic,
  WixAuthGuard,
  WixUserAuth,
  WixWebhookService,
  type WixMessageTransport,
} from 'nestjs-wix-auth';
import { accessMatrix, WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import type { Socket } from 'socket.io';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

import { READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordingInvalidationBus } from '../support/recording-invalidation-bus.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';

/** What gateways of both packages do with messages. */
class Orders {
  @SubscribeMessage('mine')
  @RequireScopes(READ_PRODUCTS)
  @WixUserAuth()
  mine(@WixIdentity('instanceId') instanceId: string): object {
    return { event: 'mine', data: instanceId };
  }

  @SubscribeMessage('greeting')
  @UseGuards(WixAuthGuard)
  @WixPublic()
  greeting(@WixIdentity.optional('type') type?: string): object {
    return { event: 'greeting', data: type ?? 'nobody' };
  }

  @SubscribeMessage('outdated')
  @UseFilters(WixAuthExceptionFilter)
  outdated(): never {
    throw new WixIdentityExpiredError('Its token has expired meanwhile.');
  }
}

@WebSocketGateway()
class SocketIoOrders extends Orders {}

@WebSocketGateway({ namespace: 'live' })
class SocketIoLive implements OnGatewayConnection {
  constructor(private readonly connections: WixConnections) {}

  async handleConnection(client: Socket): Promise<void> {
    const identity = await this.connections.identify(client);
    if (identity !== undefined) client.emit('welcome', identity.instanceId);
  }
}

@WebSocketGateway({ path: '/orders' })
class WsOrders extends Orders implements OnGatewayConnection {
  constructor(private readonly connections: WixConnections) {
    super();
  }

  handleConnection(client: WebSocket, request: IncomingMessage): void {
    this.connections.note(client, request);
  }
}

@WebSocketGateway({ path: '/forgetful' })
class WsForgetful extends Orders {}

@WebSocketGateway({ path: '/live' })
class WsLive implements OnGatewayConnection {
  constructor(private readonly connections: WixConnections) {}

  async handleConnection(client: WebSocket, request: IncomingMessage): Promise<void> {
    const identity = await this.connections.identify(client, request);
    if (identity !== undefined) client.send(JSON.stringify({ event: 'welcome', data: identity.instanceId }));
  }
}

/** A connection from outside, whichever package makes it. */
interface Client {
  /** Sends a message, and resolves with the answer, or with the code of the refusal. */
  ask(event: string): Promise<unknown>;
  /** The first thing that the server sends by itself: what it says, or the code of the refusal. */
  readonly greeted: Promise<unknown>;
  /** Resolves when the server ends the connection, with everything that it said about that. */
  readonly ended: Promise<{ readonly code: string; readonly text: string }>;
  close(): void;
}

const codeIn = (payload: unknown): unknown => Reflect.get(Object(payload) as object, 'code');

type Connect = (url: string, path: string, credential?: string) => Client;

const bySocketIo =
  (handshake: (credential: string) => object): Connect =>
  (url, path, credential) => {
    const socket = io(path === '/orders' ? url : `${url}${path}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...(credential === undefined ? {} : handshake(credential)),
    });
    const refusals: unknown[] = [];
    socket.on('exception', (payload: unknown) => refusals.push(payload));
    const refused = () => new Promise((resolve) => socket.once('exception', (payload) => resolve(codeIn(payload))));
    return {
      ask: (event) =>
        Promise.race([
          refused(),
          new Promise((resolve) => {
            socket.once(event, resolve);
            socket.emit(event, {});
          }),
        ]),
      greeted: Promise.race([refused(), new Promise((resolve) => socket.once('welcome', resolve))]),
      ended: new Promise((resolve) =>
        socket.once('disconnect', (reason) =>
          resolve({ code: `${reason} ${String(codeIn(refusals.at(-1)))}`, text: JSON.stringify(refusals) }),
        ),
      ),
      close: () => socket.close(),
    };
  };

const byWs =
  (
    protocols: (credential: string) => string[],
    headers: (credential: string) => Record<string, string> = () => ({}),
  ): Connect =>
  (url, path, credential) => {
    const target = `${url.replace('http', 'ws')}${path}`;
    const [offered, sent] =
      credential === undefined ? [[], {}] : [protocols(credential), { headers: headers(credential) }];
    const socket = new WebSocket(target, offered, sent);
    const said: string[] = [];
    const opened = once(socket, 'open');
    socket.on('message', (data) => said.push((data as Buffer).toString()));
    const next = async (): Promise<unknown> => {
      const [text] = (await once(socket, 'message')) as [Buffer];
      const { event, data } = JSON.parse(String(text)) as { event: string; data: unknown };
      return event === 'exception' ? codeIn(data) : data;
    };
    return {
      ask: async (event) => {
        await opened;
        socket.send(JSON.stringify({ event, data: {} }));
        return next();
      },
      greeted: next(),
      ended: once(socket, 'close').then(([code, reason]) => ({ code: `${code} ${reason}`, text: said.join() })),
      close: () => socket.close(),
    };
  };

const kinds = [
  {
    transport: 'socket.io',
    ends: 'io server disconnect',
    gateways: [SocketIoOrders, SocketIoLive],
    adapter: IoAdapter,
    places: {
      'handshake.auth': bySocketIo((token) => ({ auth: { token } })),
      'a header': bySocketIo((token) => ({ extraHeaders: { authorization: `Bearer ${token}` } })),
    },
    both: bySocketIo((token) => ({ auth: { token }, extraHeaders: { authorization: 'another' } })),
  },
  {
    transport: 'ws',
    ends: '4401',
    gateways: [WsOrders, WsForgetful, WsLive],
    adapter: WsAdapter,
    places: {
      'a subprotocol': byWs((token) => ['shop', `authorization.${token}`]),
      'a header': byWs(
        () => [],
        (token) => ({ authorization: `Bearer ${token}` }),
      ),
    },
    both: byWs(
      (token) => ['shop', `authorization.${token}`],
      () => ({ authorization: 'another' }),
    ),
  },
] as const satisfies readonly {
  transport: WixMessageTransport;
  ends: string;
  gateways: readonly Type[];
  adapter: typeof IoAdapter | typeof WsAdapter;
  places: Readonly<Record<string, Connect>>;
  both: Connect;
}[];

describe.each(platforms.flatMap((platform) => kinds.map((kind) => ({ ...kind, platform }))))(
  'Gateways of $transport on $platform',
  ({ transport, gateways, adapter: Adapter, places, both, ends, platform }) => {
    const clock = new FakeClock();
    const bus = new RecordingInvalidationBus();
    const clients: Client[] = [];
    let wix: WixEmulator;
    let app: EmulatedApp;
    let running: RunningApp;
    let elsewhere: TestingModule;

    const metadata = (messageTransports: readonly WixMessageTransport[]): ModuleMetadata => {
      const providers = [
        { provide: WixClock, useValue: clock },
        { provide: InvalidationBus, useValue: bus },
      ];
      const options = { messageTransports, publicKey: app.publicKey, webhooks: {}, providers };
      return { imports: [WixAuthTestingModule.forApp(wix, app, options)], providers: [...gateways] };
    };
    const start = (messageTransports: readonly WixMessageTransport[]): Promise<RunningApp> =>
      startApp(platform, metadata(messageTransports), {
        configure: (nest) => nest.useWebSocketAdapter(new Adapter(nest)),
      });

    beforeAll(async () => {
      wix = await WixEmulator.start({ now: () => clock.nowMs() });
      app = wix.addApp();
      running = await start([transport]);
      const { imports = [] } = metadata([]);
      elsewhere = await Test.createTestingModule({ imports }).compile();
      await elsewhere.init();
    });
    afterEach(() => {
      for (const client of clients.splice(0)) client.close();
    });
    afterAll(async () => {
      await running.close();
      await elsewhere.close();
      await wix.stop();
    });

    const connected = (connect: Connect, path: string, credential?: string, { url } = running): Client => {
      const client = connect(url, path, credential);
      clients.push(client);
      return client;
    };
    const [inBrowsers] = Object.values<Connect>(places);
    const connect = inBrowsers ?? both;

    it.each(Object.entries<Connect>(places))(
      'read the credential from %s for every message',
      async (_place, byPlace) => {
        const site = siteWith(wix, app, READ_PRODUCTS);
        const owner = connected(byPlace, '/orders', site.ownerToken());
        expect(await owner.ask('mine')).toBe(site.install.instanceId);
        expect(await owner.ask('greeting')).toBe('user');
        const visitor = connected(byPlace, '/orders', site.visitorToken());
        expect(await visitor.ask('mine')).toBe('WIX_IDENTITY_NOT_ALLOWED');
        expect(await visitor.ask('greeting')).toBe('visitor');
      },
    );

    it('refuse messages of connections without a good credential, and leave these open', async () => {
      const stranger = connected(connect, '/orders');
      expect(await stranger.ask('mine')).toBe('WIX_CREDENTIALS_MISSING');
      expect(await stranger.ask('greeting')).toBe('nobody');
      const bad = connected(connect, '/orders', 'rubbish');
      expect(await bad.ask('mine')).toBe('WIX_CREDENTIALS_MALFORMED');
      expect(await bad.ask('greeting')).toBe('WIX_CREDENTIALS_MALFORMED');
      const unscoped = connected(connect, '/orders', siteWith(wix, app).ownerToken());
      expect(await unscoped.ask('mine')).toBe('WIX_SCOPE_MISSING');
      const twofold = connected(both, '/orders', siteWith(wix, app, READ_PRODUCTS).ownerToken());
      expect(await twofold.ask('mine')).toBe('WIX_CREDENTIALS_AMBIGUOUS');
    });

    it('answer an error of ours that a handler let through', async () => {
      expect(await connected(connect, '/orders').ask('outdated')).toBe('WIX_IDENTITY_EXPIRED');
    });

    it('identify connections before any message, and end those without a good credential', async () => {
      const site = siteWith(wix, app);
      expect(await connected(connect, '/live', site.ownerToken()).greeted).toBe(site.install.instanceId);

      const stranger = connected(connect, '/live');
      expect(await stranger.greeted).toBe('WIX_CREDENTIALS_MISSING');
      expect((await stranger.ended).code).toBe(`${ends} WIX_CREDENTIALS_MISSING`);
      const token = siteWith(wix, wix.addApp()).ownerToken();
      const foreigner = connected(connect, '/live', token);
      const { code, text } = await foreigner.ended;
      expect(code).toBe(`${ends} WIX_CREDENTIALS_WRONG_APP`);
      expect(text).not.toContain(token);
    });

    it('end the connection when its credential expires', async () => {
      const { install, site } = siteWith(wix, app, READ_PRODUCTS);
      // Tokens expire at whole seconds: this one in 50 ms.
      clock.advance(1_950 - (clock.nowMs() % 1_000));
      const token = wix.mint.userToken(install, site.owner, { expiresInSeconds: 1 });
      const [talking, listening] = [connected(connect, '/orders', token), connected(connect, '/live', token)];
      expect(await Promise.all([talking.ask('mine'), listening.greeted])).toEqual([
        install.instanceId,
        install.instanceId,
      ]);
      clock.advance(50);
      for (const { code, text } of [await talking.ended, await listening.ended]) {
        expect(code).toBe(`${ends} WIX_CREDENTIALS_EXPIRED`);
        expect(text).not.toContain(token);
      }
    });

    it('end the connections of a site that has removed the app, in this and other processes', async () => {
      for (const learned of [running.app, elsewhere]) {
        const removed = siteWith(wix, app, READ_PRODUCTS);
        const other = siteWith(wix, app, READ_PRODUCTS);
        const talking = connected(connect, '/orders', removed.ownerToken());
        const listening = connected(connect, '/live', removed.ownerToken());
        const stays = connected(connect, '/orders', other.ownerToken());
        await Promise.all([talking.ask('mine'), listening.greeted, stays.ask('mine')]);

        removed.install.remove();
        await learned.get(WixWebhookService).receive(wix.send.webhookBody(removed.install, { type: 'AppRemoved' }));
        for (const { code } of [await talking.ended, await listening.ended]) {
          expect(code).toBe(`${ends} WIX_CREDENTIALS_REJECTED`);
        }
        expect(await stays.ask('mine')).toBe(other.install.instanceId);
        const again = connected(connect, '/live', removed.ownerToken());
        expect(await again.greeted).toBe('WIX_CREDENTIALS_REJECTED');
      }
    });

    it('enforce the declaration of every message, for every kind of caller', async () => {
      const { cases, table } = accessMatrix(running.app, {
        wix,
        install: siteWith(wix, app).install,
        only: ({ kind }) => kind === 'message',
        message: async ({ name }, credential) => ({
          code: await connected(connect, '/orders', credential).ask(name.replace('message ', '')),
        }),
      });
      expect(table).toMatch(/message mine/);
      expect(cases.map(({ title }) => title)).toContain('message mine: visitor is refused, WIX_IDENTITY_NOT_ALLOWED');
      for (const { run } of cases) await run();
    });

    it('refuse every guarded message unless its transport is configured', async () => {
      const unnamed = await start(['nats']);
      const token = siteWith(wix, app, READ_PRODUCTS).ownerToken();
      expect(await connected(connect, '/orders', token, unnamed).ask('mine')).toBe('WIX_MISCONFIGURED');
      await unnamed.close();
    });

    if (transport === 'ws') {
      it('refuse messages whose request was not recorded, and a credential the server would echo', async () => {
        const token = siteWith(wix, app, READ_PRODUCTS).ownerToken();
        expect(await connected(connect, '/forgetful', token).ask('mine')).toBe('WIX_MISCONFIGURED');
        const alone = byWs((credential) => [`authorization.${credential}`]);
        expect(await connected(alone, '/orders', token).ask('mine')).toBe('WIX_CREDENTIALS_MALFORMED');
      });
    }
  },
);
