import { headers } from '@nats-io/transport-node';
import { Controller } from '@nestjs/common';
import { MessagePattern, NatsRecordBuilder, type ClientProxy } from '@nestjs/microservices';
import { WixIdentity, WixUserAuth } from 'nestjs-wix-auth';
import type { Observable } from 'rxjs';

@Controller()
export class ExportController {
  @MessagePattern('export.start')
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.READ-PRODUCTS'] })
  start(@WixIdentity('instanceId') instanceId: string): string {
    return `The export of ${instanceId} begins.`;
  }
}

/** In the service that calls it, with the credential of the request that it answers. */
export function startExport(client: ClientProxy, credential: string): Observable<string> {
  const metadata = headers();
  metadata.set('authorization', credential);
  return client.send('export.start', new NatsRecordBuilder({}).setHeaders(metadata).build());
}
