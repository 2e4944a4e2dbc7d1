import { Injectable } from '@nestjs/common';
import type { AnyWixIdentity, WixUserIdentity } from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';

@Injectable()
export class Catalog {
  constructor(private readonly sdk: WixSdkClientFactory) {}

  async read(caller: AnyWixIdentity): Promise<unknown> {
    const client = await this.sdk.asInstance(caller); // or asInstance(caller, { products }) with modules of the SDK
    const response = await client.fetchWithAuth('https://www.wixapis.com/stores/v1/products');
    return response.json();
  }

  async readAs(user: WixUserIdentity): Promise<number> {
    const client = await this.sdk.onBehalfOf(user);
    const response = await client.fetchWithAuth('https://www.wixapis.com/stores/v1/products');
    return response.status;
  }
}
