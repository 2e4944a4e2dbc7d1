import { Controller, Get, NotFoundException, Param, Req } from '@nestjs/common';
import * as stores from '@wix/stores';
import type { Request } from 'express';
import { wixApiErrorOf, WixIdentity, WixInstanceAuth, type AnyWixIdentity } from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';

@Controller('shop')
export class ShopController {
  constructor(private readonly sdk: WixSdkClientFactory) {}

  @Get(':slug')
  @WixInstanceAuth({ allow: ['visitor', 'member'] })
  async bySlug(@WixIdentity() caller: AnyWixIdentity, @Param('slug') slug: string, @Req() request: Request) {
    const gone = new AbortController();
    request.res?.once('close', () => gone.abort()); // nobody waits for the answer any more
    const options = { signal: gone.signal, retry: 'always' } as const; // this client only reads
    const { productsV3 } = await this.sdk.asInstance(caller, { productsV3: stores.productsV3 }, options);
    try {
      return await productsV3.getProductBySlug(slug);
    } catch (error) {
      throw wixApiErrorOf(error)?.status === 404 ? new NotFoundException() : error;
    }
  }
}
