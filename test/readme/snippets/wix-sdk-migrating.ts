import { Injectable } from '@nestjs/common';
import { AppStrategy, createClient } from '@wix/sdk';
import { productsV3 } from '@wix/stores';
import { trustedInstanceId, WixTokenService } from 'nestjs-wix-auth';
import { WixSdkClientFactory, wixInstanceAuth } from 'nestjs-wix-auth/sdk';

@Injectable()
export class OldClients {
  constructor(
    private readonly tokens: WixTokenService,
    private readonly sdk: WixSdkClientFactory,
  ) {}

  clientFor(app: { appId: string; publicKey: string }, storedId: string) {
    const site = trustedInstanceId(storedId); // out of your own database
    return createClient({
      modules: { productsV3 },
      auth: { ...AppStrategy(app), ...wixInstanceAuth(this.tokens, site) }, // no secret: the tokens are this module's
      fetch: this.sdk.fetchAsInstance(site), // its requests too: limits, redirects, `apiUrl`
    });
  }
}
