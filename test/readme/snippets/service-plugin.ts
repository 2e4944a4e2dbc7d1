import { shippingRates } from '@wix/ecom/service-plugins';
import { WixServicePlugin, type WixServicePluginContract } from 'nestjs-wix-auth';

type ShippingRatesPayload = Parameters<WixServicePluginContract<typeof shippingRates>['getShippingRates']>[0];

@WixServicePlugin(shippingRates, { path: 'plugins/shipping' }) // from '@wix/ecom/service-plugins'
export class ShippingRates {
  getShippingRates({ request }: ShippingRatesPayload): shippingRates.GetShippingRatesResponse {
    if (request.shippingDestination?.postalCode === undefined) throw new shippingRates.MissingPostalCodeWixError();
    return { shippingRates: [{ code: 'standard', title: 'Standard', cost: { price: '4.90', currency: 'EUR' } }] };
  }
}
