import assert from 'node:assert/strict';

import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pricingProvider } from '@wix/bookings/service-plugins';
import { additionalFees, shippingRates } from '@wix/ecom/service-plugins';
import { WixAuthModule, WixServicePlugin } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator } from 'nestjs-wix-auth/testing';

@WixServicePlugin(shippingRates, { path: 'plugins/shipping' })
class ShippingRates {
  getShippingRates({
    request,
  }: {
    readonly request: shippingRates.GetShippingRatesRequest;
  }): shippingRates.GetShippingRatesResponse {
    if (request.shippingDestination?.postalCode === undefined) throw new shippingRates.MissingPostalCodeWixError();
    return { shippingRates: [{ code: 'pickup', title: 'Pick up', cost: { price: '4.90', currency: 'EUR' } }] };
  }
}

@Controller('plugins')
class Plugins {
  @WixServicePlugin(additionalFees, 'calculateAdditionalFees')
  fees(): additionalFees.CalculateAdditionalFeesResponse {
    return { additionalFees: [{ code: 'wrap', name: 'Wrapping', price: '1.00' }], currency: 'EUR' };
  }

  @WixServicePlugin(pricingProvider, 'calculatePrice')
  price(): pricingProvider.CalculatePriceResponse {
    return { pricingInfo: { calculatedPrice: '12.50' } } as pricingProvider.CalculatePriceResponse;
  }
}

/** Answers service plugins by the definitions of Wix's packages, as CommonJS. */
export async function checkSdkPlugins(): Promise<void> {
  const wix = await WixEmulator.start();
  const wixApp = wix.addApp();
  const install = wix.install(wixApp, wix.addSite());

  @Module({
    imports: [WixAuthModule.forRoot({ ...emulatedOptions(wix, wixApp), publicKey: wixApp.publicKey })],
    controllers: [ShippingRates, Plugins],
  })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  await app.listen(0);
  const url = `${await app.getUrl()}/plugins`;
  const answer = async (path: string, request: Record<string, unknown>): Promise<string> => {
    const { status, body } = await wix.send.servicePlugin(install, `${url}/${path}`, request);
    return `${String(status)} ${body}`;
  };
  try {
    const destination = { country: 'DE', postalCode: '10115' };
    assert.match(await answer('shipping/v1/getRates', { shippingDestination: destination }), /^200 .*"pickup"/);
    assert.match(await answer('shipping/v1/getRates', {}), /^400 .*MISSING_POSTAL_CODE/);
    assert.match(await answer('v1/calculate-additional-fees', {}), /^200 .*"wrap"/);
    assert.match(await answer('v1/calculate-price', {}), /^200 .*12.50/);
  } finally {
    await app.close();
    await wix.stop();
  }
}
