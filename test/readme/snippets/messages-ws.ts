import type { IncomingMessage } from 'node:http';

import { SubscribeMessage, WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import { WixConnections, WixIdentity, WixUserAuth } from 'nestjs-wix-auth';
import type { WebSocket } from 'ws';

@WebSocketGateway({ path: '/stock' })
export class StockOverWsGateway implements OnGatewayConnection {
  constructor(private readonly connections: WixConnections) {}

  handleConnection(client: WebSocket, request: IncomingMessage): void {
    this.connections.note(client, request);
  }

  @SubscribeMessage('stock.get')
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.READ-PRODUCTS'] })
  get(@WixIdentity('instanceId') instanceId: string): object {
    return { event: 'stock', data: `What ${instanceId} has in stock.` };
  }
}
