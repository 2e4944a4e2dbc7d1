import { Injectable } from '@nestjs/common';
import { trustedInstanceId, WixHttpService, WixIdentityService, WixTokenService } from 'nestjs-wix-auth';
import { firstValueFrom } from 'rxjs';

@Injectable()
export class NightlyExport {
  constructor(
    private readonly wix: WixHttpService,
    private readonly tokens: WixTokenService,
    private readonly identities: WixIdentityService,
  ) {}

  /** `instanceId` comes from your own database: you vouch for it. */
  async exportProducts(instanceId: string): Promise<unknown> {
    const { data } = await firstValueFrom(
      this.wix.asInstance(trustedInstanceId(instanceId)).post('/stores/v3/products/query', {}),
    );
    return data;
  }

  /** For a client of your own: a token that is good for ten more minutes at least. */
  async authorizationFor(instanceId: string): Promise<string> {
    const token = await this.tokens.accessTokenFor(trustedInstanceId(instanceId), { minValidityMs: 600_000 });
    return token.value;
  }

  /** For a message that carries a credential: throws WIX_CREDENTIALS_… when it is not good. */
  async senderOf(credential: string): Promise<string> {
    const identity = await this.identities.verify(credential);
    return identity.instanceId;
  }
}
