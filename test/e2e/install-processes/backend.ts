import { trustedInstanceId, WixClock, WixTokenService } from 'nestjs-wix-auth';
import type { EmulatedApp, WixEmulator } from 'nestjs-wix-auth/testing';

import { FileRefreshTokenStore } from '../../../src/install/refresh-tokens/file-refresh-token.store.js';
import { RefreshTokenStore } from '../../../src/install/refresh-tokens/refresh-token.store.js';
import { startInstallApp } from '../../support/install-app.js';

/** What the process is told when it starts. */
export interface BackendSetup {
  readonly wix: Pick<WixEmulator, 'url'>;
  readonly app: Pick<EmulatedApp, 'appId' | 'appSecret'>;
  readonly port: number;
  readonly folder: string;
  /** How far its clock is ahead, in milliseconds: what others left behind is older for it. */
  readonly aheadMs?: number;
}

/** Asks the process for a token, which it says. */
export interface TokenRequest {
  readonly instanceId: string;
  readonly forceRefresh: boolean;
}

const [text = '{}'] = process.argv.slice(2);
const { wix, app, port, folder, aheadMs = 0 } = JSON.parse(text) as BackendSetup;
const backend = await startInstallApp(wix as WixEmulator, app as EmulatedApp, {
  port,
  install: { customAuthentication: true },
  providers: [
    { provide: RefreshTokenStore, useValue: new FileRefreshTokenStore(folder) },
    { provide: WixClock, useValue: { nowMs: () => Date.now() + aheadMs } satisfies WixClock },
  ],
});

process.on('message', ({ instanceId, forceRefresh }: TokenRequest) => {
  const token = backend.app.get(WixTokenService).accessTokenFor(trustedInstanceId(instanceId), { forceRefresh });
  void token.then(({ value }) => process.send?.(value));
});
process.send?.('ready');
