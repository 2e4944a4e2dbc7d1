import { trustedInstanceId, WixTokenService } from 'nestjs-wix-auth';
import type { EmulatedApp, WixEmulator } from 'nestjs-wix-auth/testing';

import { FileRefreshTokenStore } from '../../../src/install/file-refresh-token.store.js';
import { RefreshTokenStore } from '../../../src/install/refresh-token.store.js';
import { startInstallApp } from '../../support/install-app.js';

/** What the process is told when it starts. */
export interface BackendSetup {
  readonly wix: Pick<WixEmulator, 'url'>;
  readonly app: Pick<EmulatedApp, 'appId' | 'appSecret'>;
  readonly port: number;
  readonly folder: string;
}

const [text = '{}'] = process.argv.slice(2);
const { wix, app, port, folder } = JSON.parse(text) as BackendSetup;
const backend = await startInstallApp(wix as WixEmulator, app as EmulatedApp, {
  port,
  install: { customAuthentication: true },
  providers: [{ provide: RefreshTokenStore, useValue: new FileRefreshTokenStore(folder) }],
});

process.on('message', ({ instanceId }: { readonly instanceId: string }) => {
  const token = backend.app.get(WixTokenService).accessTokenFor(trustedInstanceId(instanceId));
  void token.then(({ value }) => process.send?.(value));
});
process.send?.('ready');
