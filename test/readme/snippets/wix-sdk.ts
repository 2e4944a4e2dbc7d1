import { Injectable } from '@nestjs/common';
import * as stores from '@wix/stores';
import type { AnyWixIdentity, WixUserIdentity } from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';

@Injectable()
export class Catalog {
  constructor(private readonly sdk: WixSdkClientFactory) {}

  async names(caller: AnyWixIdentity): Promise<string[]> {
    const { productsV3 } = await this.sdk.asInstance(caller, { productsV3: stores.productsV3 });
    const { items } = await productsV3.queryProducts().ascending('slug').limit(20).find();
    return items.map(({ name }) => name ?? '');
  }

  async hide(user: WixUserIdentity, id: string): Promise<void> {
    const { productsV3 } = await this.sdk.onBehalfOf(user, { productsV3: stores.productsV3 });
    const { revision } = await productsV3.getProduct(id);
    await productsV3.updateProduct(id, { revision: revision ?? '', visible: false });
  }

  async hasCatalogV3(caller: AnyWixIdentity): Promise<boolean> {
    const { fetchWithAuth } = await this.sdk.asInstance(caller); // for what no module of the SDK does
    const answer = await fetchWithAuth('https://www.wixapis.com/stores/v3/provision/version');
    return (await answer.text()).includes('V3_CATALOG');
  }
}
