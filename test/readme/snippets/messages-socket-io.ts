import { SubscribeMessage, WebSocketGateway, WebSocketServer, type OnGatewayConnection } from '@nestjs/websockets';
import { WixConnections, WixIdentity, WixUserAuth, type WixInstanceId } from 'nestjs-wix-auth';
import type { Server, Socket } from 'socket.io';

@WebSocketGateway()
export class StockGateway implements OnGatewayConnection {
  @WebSocketServer()
  private readonly server?: Server;

  constructor(private readonly connections: WixConnections) {}

  /** A client that is refused is told why, and disconnected. */
  async handleConnection(client: Socket): Promise<void> {
    const identity = await this.connections.identify(client);
    if (identity?.type === 'user') await client.join(identity.instanceId);
  }

  @SubscribeMessage('stock.set')
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.MANAGE-PRODUCTS'] })
  set(@WixIdentity('instanceId') instanceId: WixInstanceId): void {
    this.changed(instanceId);
  }

  /** For the rest of the application: tells the open dashboards of one site. */
  changed(instanceId: WixInstanceId): void {
    this.server?.to(instanceId).emit('stock.changed');
  }
}
