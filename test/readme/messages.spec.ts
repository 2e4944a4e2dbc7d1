import { once } from 'node:events';

import { Query, Resolver } from '@nestjs/graphql';
import { WsAdapter } from '@nestjs/platform-ws';
import { WixClock } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { createClient } from 'graphql-ws';
import type { Socket } from 'socket.io-client';
import { WebSocket } from 'ws';

import { MANAGE_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { startApp } from '../support/running-app.js';
import { untilTrue } from '../support/until-true.js';
import { graphql, StockResolver } from './snippets/messages-graphql.js';
import { connectTo } from './snippets/messages-socket-io-client.js';
import { StockGateway } from './snippets/messages-socket-io.js';
import { StockOverWsGateway } from './snippets/messages-ws.js';

const next = (socket: Socket, event: string) => new Promise((resolve) => socket.once(event, resolve));

/** A schema needs a query. */
@Resolver()
class TitleResolver {
  @Query(() => String)
  title(): string {
    return 'Stock';
  }
}

describe('The gateways of the manual', () => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
  });
  afterAll(() => wix.stop());

  const providers = [{ provide: WixClock, useValue: clock }];

  it('notify the dashboards of a site by socket.io, which reconnect when their token has expired', async () => {
    const imports = [WixAuthTestingModule.forApp(wix, app, { messageTransports: ['socket.io'], providers })];
    const { url, close } = await startApp('express', { imports, providers: [StockGateway] });
    const { install, site } = siteWith(wix, app, MANAGE_PRODUCTS);
    const lifetimes = [1];
    clock.advance(1_950 - (clock.nowMs() % 1_000));
    const socket = connectTo(url, () =>
      Promise.resolve(wix.mint.userToken(install, site.owner, { expiresInSeconds: lifetimes.pop() })),
    );
    let heard = 0;
    socket.on('stock.changed', () => (heard += 1));
    // It may not have joined the room of its site when it sends the first message.
    const setUntilHeard = () =>
      untilTrue(() => {
        socket.emit('stock.set', {});
        return heard > 0;
      });

    await next(socket, 'connect');
    await setUntilHeard();
    clock.advance(50);
    await next(socket, 'disconnect');
    await next(socket, 'connect');
    heard = 0;
    await setUntilHeard();
    socket.close();
    await close();
  });

  it('answer by ws', async () => {
    const imports = [WixAuthTestingModule.forApp(wix, app, { messageTransports: ['ws'], providers })];
    const { url, close } = await startApp(
      'express',
      { imports, providers: [StockOverWsGateway] },
      { configure: (nest) => nest.useWebSocketAdapter(new WsAdapter(nest)) },
    );
    const { install, ownerToken } = siteWith(wix, app, MANAGE_PRODUCTS);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/stock`, ['stock', `authorization.${ownerToken()}`]);
    await once(socket, 'open');
    socket.send(JSON.stringify({ event: 'stock.get', data: {} }));

    const [answer] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(String(answer))).toEqual({ event: 'stock', data: `What ${install.instanceId} has in stock.` });
    expect(socket.protocol).toBe('stock');
    socket.close();
    await close();
  });

  it('subscribe by graphql-ws', async () => {
    const imports = [WixAuthTestingModule.forApp(wix, app, { messageTransports: ['graphql-ws'], providers }), graphql];
    const { url, close } = await startApp('express', { imports, providers: [StockResolver, TitleResolver] });
    const { install, ownerToken } = siteWith(wix, app, MANAGE_PRODUCTS);
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization: ownerToken() }),
    });
    const { value } = await client.iterate({ query: 'subscription { stockChanged }' }).next();
    expect(value).toEqual({ data: { stockChanged: install.instanceId } });
    await client.dispose();
    await close();
  });
});
