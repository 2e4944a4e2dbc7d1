import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';

import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql';
import { ClientProxyFactory, MessagePattern, NatsRecordBuilder, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import { createClient } from 'graphql-ws';
import { headers } from 'nats';
import {
  WixAuthModule,
  WixConnections,
  WixIdentity,
  WixUserAuth,
  WixWebhookService,
  type WixMessageTransport,
} from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

class Messages {
  @SubscribeMessage('mine')
  @WixUserAuth()
  mine(@WixIdentity('instanceId') instanceId: string): object {
    return { event: 'mine', data: instanceId };
  }
}

@WebSocketGateway()
class SocketIoGateway extends Messages {}

@WebSocketGateway({ path: '/orders' })
class WsGateway extends Messages implements OnGatewayConnection {
  constructor(private readonly connections: WixConnections) {
    super();
  }

  // Nest 11 tells clients of ws nothing of what guards throw: its filter knows those of socket.io alone.
  async handleConnection(client: WebSocket, request: IncomingMessage): Promise<void> {
    await this.connections.identify(client, request);
  }
}

@Resolver()
class OrdersResolver {
  @Query(() => String)
  title(): string {
    return 'Orders';
  }

  @Subscription(() => String, { resolve: (value: string) => value })
  @WixUserAuth()
  async *mine(@WixIdentity('instanceId') instanceId: string): AsyncGenerator<string> {
    yield instanceId;
    await new Promise(() => undefined);
  }
}

@Controller()
class NatsController {
  @MessagePattern('mine')
  @WixUserAuth()
  mine(@WixIdentity('instanceId') instanceId: string): string {
    return instanceId;
  }
}

/** A connection: what the first message is answered with, or its code; and how the server ends the connection. */
interface Conversation {
  readonly answer: Promise<unknown>;
  readonly ended: Promise<unknown>;
  close(): unknown;
}

type Converse = (url: string, credential: string) => Conversation;

const codeOf = (told: unknown): unknown => Reflect.get(Object(told) as object, 'code');

const bySocketIo: Converse = (url, token) => {
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
  const answer = new Promise((resolve) => {
    socket.once('exception', (told) => resolve(codeOf(told)));
    socket.once('mine', resolve);
    socket.emit('mine', {});
  });
  let last: unknown;
  socket.on('exception', (told) => (last = codeOf(told)));
  const ended = new Promise((resolve) => socket.once('disconnect', () => resolve(last)));
  return { answer, ended, close: () => socket.close() };
};

const byWs: Converse = (url, token) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/orders`, ['shop', `authorization.${token}`]);
  socket.once('open', () => socket.send(JSON.stringify({ event: 'mine', data: {} })));
  const answer = once(socket, 'message').then(([text]) => {
    const { event, data } = JSON.parse(String(text)) as { event: string; data: unknown };
    return event === 'exception' ? codeOf(data) : data;
  });
  const ended = once(socket, 'close').then(([, reason]) => String(reason));
  return { answer, ended, close: () => socket.close() };
};

const byGraphqlWs: Converse = (url, authorization) => {
  let ends: (reason: unknown) => void = () => undefined;
  const ended = new Promise((resolve) => (ends = resolve));
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization },
    on: { closed: (event) => ends(Reflect.get(Object(event) as object, 'reason')) },
  });
  const results = client.iterate<{ mine: string }>({ query: 'subscription { mine }' });
  const answer = results.next().then(({ value }) => value?.data?.mine ?? codeOf(value?.errors?.[0]?.extensions));
  // What the end of the connection does to the subscription is for its client.
  void answer.then(() => results.next()).catch(() => undefined);
  return { answer, ended, close: () => client.dispose() };
};

async function checkConnections(
  transport: WixMessageTransport,
  providers: Type[],
  converse: Converse,
  adapt: (app: INestApplication) => unknown = () => undefined,
): Promise<void> {
  const wix = await WixEmulator.start();
  const app = wix.addApp();
  const nest = await NestFactory.create(moduleWith(wix, app, transport, { providers }), { logger: ['error'] });
  adapt(nest);
  await nest.listen(0, '127.0.0.1');
  const talk = async (credential: string): Promise<Conversation> => converse(await nest.getUrl(), credential);
  const { install, token } = installed(wix, app);

  const removed = await talk(token());
  assert.equal(await removed.answer, install.instanceId, transport);
  const bad = await talk('rubbish');
  assert.equal(await bad.answer, 'WIX_CREDENTIALS_MALFORMED', transport);
  bad.close();
  const expiring = await talk(token(2));
  assert.equal(await expiring.answer, install.instanceId, transport);
  assert.equal(await expiring.ended, 'WIX_CREDENTIALS_EXPIRED', transport);
  install.remove();
  await nest.get(WixWebhookService).receive(wix.send.webhookBody(install, { type: 'AppRemoved' }));
  assert.equal(await removed.ended, 'WIX_CREDENTIALS_REJECTED', transport);
  await nest.close();
  await wix.stop();
}

function moduleWith(
  wix: WixEmulator,
  { appId, appSecret, publicKey }: EmulatedApp,
  transport: WixMessageTransport,
  parts: { providers?: Type[]; controllers?: Type[] },
) {
  class AppModule {}
  const options = { appId, appSecret, publicKey, apiUrl: wix.url, webhooks: {}, messageTransports: [transport] };
  const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    subscriptions: { 'graphql-ws': true },
  });
  const imports = [WixAuthModule.forRoot(options), ...(transport === 'graphql-ws' ? [graphql] : [])];
  return { module: AppModule, imports, ...parts };
}

function installed(wix: WixEmulator, app: EmulatedApp) {
  const site = wix.addSite();
  const install: EmulatedInstall = wix.install(app, site);
  return {
    install,
    token: (expiresInSeconds?: number) => wix.mint.userToken(install, site.owner, { expiresInSeconds }),
  };
}

async function checkNats(): Promise<void> {
  const port = await freePort();
  const server = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of server.stderr) if (String(line).includes('Server is ready')) break;
  const broker = { transport: Transport.NATS as const, options: { servers: `nats://127.0.0.1:${String(port)}` } };

  const wix = await WixEmulator.start();
  const app = wix.addApp();
  const nest = await NestFactory.create(moduleWith(wix, app, 'nats', { controllers: [NatsController] }), {
    logger: ['error'],
  });
  const service = nest.connectMicroservice(broker, { inheritAppConfig: true });
  await nest.startAllMicroservices();
  await service.unwrap<{ flush(): Promise<void> }>().flush();
  const client = ClientProxyFactory.create(broker);
  const ask = async (credential: string): Promise<unknown> => {
    const all = headers();
    all.set('authorization', credential);
    const record = new NatsRecordBuilder({}).setHeaders(all).build();
    return firstValueFrom(client.send<unknown>('mine', record)).catch(codeOf);
  };
  const { install, token } = installed(wix, app);
  const credential = token();
  assert.equal(await ask(credential), install.instanceId);
  assert.equal(await ask('rubbish'), 'WIX_CREDENTIALS_MALFORMED');
  assert.equal(await ask(token(0)), 'WIX_CREDENTIALS_EXPIRED');
  install.remove();
  await nest.get(WixWebhookService).receive(wix.send.webhookBody(install, { type: 'AppRemoved' }));
  assert.equal(await ask(credential), 'WIX_CREDENTIALS_REJECTED');
  await client.close();
  await nest.close();
  await wix.stop();
  server.kill();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Every transport, with a credential that is good, a bad one, one that expires, and one whose site removes the app. */
export async function checkMessages(): Promise<void> {
  await checkConnections('socket.io', [SocketIoGateway], bySocketIo);
  await checkConnections('ws', [WsGateway], byWs, (app) => app.useWebSocketAdapter(new WsAdapter(app)));
  await checkConnections('graphql-ws', [OrdersResolver], byGraphqlWs);
  await checkNats();
}
