import { HttpService } from '@nestjs/axios';
import { createKeyv } from '@keyv/redis';

import { AppCredentials } from '../../../src/core/app-credentials.js';
import { SystemClock } from '../../../src/core/clock.js';
import { WixAgents } from '../../../src/http/wix-agents.js';
import { WixControlClient } from '../../../src/http/wix-control.client.js';
import { FileRefreshTokenStore } from '../../../src/install/refresh-tokens/file-refresh-token.store.js';
import { KeyvRefreshTokenStore } from '../../../src/install/refresh-tokens/keyv-refresh-token.store.js';
import { OAuthAccessEndpoint } from '../../../src/install/refresh-tokens/oauth-access.endpoint.js';
import { RefreshTokenSealer } from '../../../src/install/refresh-tokens/refresh-token-entry.js';
import type { RefreshTokenStore } from '../../../src/install/refresh-tokens/refresh-token.store.js';
import { RefreshTokenVault } from '../../../src/install/refresh-tokens/refresh-token.vault.js';
import { RefreshTokens } from '../../../src/install/refresh-tokens/refresh-tokens.js';

/** What the process is told when it starts. */
export interface RenewerSetup {
  readonly apiUrl: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly instanceId: string;
  readonly store: { readonly folder: string } | { readonly redis: string };
}

interface OpenStore {
  readonly store: RefreshTokenStore;
  close(): Promise<void>;
}

function openStore(setup: RenewerSetup['store']): OpenStore {
  if ('folder' in setup) {
    const store = new FileRefreshTokenStore(setup.folder);
    return { store, close: () => store.onApplicationShutdown() };
  }
  const keyv = createKeyv(setup.redis, { throwOnErrors: true });
  return { store: new KeyvRefreshTokenStore(keyv), close: () => keyv.disconnect() };
}

/** The refresh tokens of one process, until they are closed. */
export interface OpenRefreshTokens {
  readonly tokens: RefreshTokens;
  close(): Promise<void>;
}

/** Opens the refresh tokens as the module would. */
export function openRefreshTokens(setup: RenewerSetup): OpenRefreshTokens {
  const app = new AppCredentials(setup.appId, [setup.appSecret]);
  const clock = new SystemClock();
  const settings = { apiUrl: setup.apiUrl, requestTimeoutMs: 5_000, maxWaitMs: 10_000 };
  const client = new WixControlClient(new HttpService(), new WixAgents(), clock, settings);
  const { store, close } = openStore(setup.store);
  const vault = new RefreshTokenVault(store, new RefreshTokenSealer(app, setup.apiUrl));
  return { tokens: new RefreshTokens(store, vault, new OAuthAccessEndpoint(client, app, clock), clock), close };
}
