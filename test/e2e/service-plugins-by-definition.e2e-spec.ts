import { Controller } from '@nestjs/common';
import { pricingProvider } from '@wix/bookings/service-plugins';
import { additionalFees, shippingRates } from '@wix/ecom/service-plugins';
import { emulatedOptions, WixEmulator, type EmulatedInstall } from 'nestjs-wix-auth/testing';
import { lastValueFrom } from 'rxjs';

import { WixAuthModule, WixHttpService, WixServicePlugin } from '../../src/index.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';

type RatesRequest = Parameters<(typeof shippingRates.provideHandlers)['__contract']['getShippingRates']>[0];

/** What handlers were given, newest last. */
const seen: unknown[] = [];

@WixServicePlugin(shippingRates, { path: 'plugins/shipping' })
class ShippingRates {
  constructor(private readonly wix: WixHttpService) {}

  async getShippingRates(payload: RatesRequest): Promise<shippingRates.GetShippingRatesResponse> {
    seen.push(payload);
    const destination = payload.request.shippingDestination;
    if (destination?.postalCode === undefined) throw new shippingRates.MissingPostalCodeWixError();
    if (destination.country === 'XX') throw new Error('unforeseen');
    const { data } = await lastValueFrom(this.wix.asInstance(payload).get<{ instance: object }>('/apps/v1/instance'));
    return {
      shippingRates: [
        {
          code: 'pickup',
          title: Object.keys(data.instance).includes('instanceId') ? 'Pick up' : 'Unknown',
          logistics: { pickupDetails: { address: { country: 'DE', addressLine1: 'Invalidenstr. 2' } } },
          cost: { price: '4.90', currency: 'EUR' },
        },
      ],
    };
  }
}

@Controller('plugins')
class Plugins {
  @WixServicePlugin(additionalFees, 'calculateAdditionalFees')
  fees(): additionalFees.CalculateAdditionalFeesResponse {
    return { additionalFees: [{ code: 'wrap', name: 'Wrapping', price: '1.00' }], currency: 'EUR' };
  }

  @WixServicePlugin(pricingProvider, 'calculatePrice')
  price(payload: { readonly request: pricingProvider.CalculatePriceRequest }): pricingProvider.CalculatePriceResponse {
    seen.push(payload);
    return { pricingInfo: { calculatedPrice: '12.50' } } as pricingProvider.CalculatePriceResponse;
  }
}

describe.each(platforms)('service plugins by the definition of a package, on %s', (platform) => {
  let wix: WixEmulator;
  let install: EmulatedInstall;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    const app = wix.addApp();
    install = wix.install(app, wix.addSite(), { grants: ['SCOPE.DC.MANAGE-YOUR-APP'] });
    const registration = WixAuthModule.forRoot({
      ...emulatedOptions(wix, app),
      publicKey: app.publicKey,
      globalGuard: true,
    });
    running = await startApp(platform, { imports: [registration], controllers: [ShippingRates, Plugins] });
  });
  beforeEach(() => {
    seen.length = 0;
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const rates = (request: object, options = {}) =>
    wix.send.servicePlugin(install, `${running.url}/plugins/shipping/v1/getRates`, { ...request }, options);
  const berlin = { country: 'DE', postalCode: '10115', addressLine: 'Invalidenstr. 1' };

  it('are served at the path Wix calls, take the package’s form of a request and answer in REST form', async () => {
    const answer = await rates({ shippingDestination: berlin });
    expect({ ...answer, body: JSON.parse(answer.body) as unknown }).toMatchObject({
      status: 200,
      body: { shippingRates: [{ code: 'pickup', title: 'Pick up', cost: { price: '4.90' } }] },
    });
    expect(JSON.parse(answer.body)).toMatchObject({
      shippingRates: [{ logistics: { pickupDetails: { address: { addressLine: 'Invalidenstr. 2' } } } }],
    });
    expect(seen).toMatchObject([
      {
        request: { shippingDestination: { addressLine1: 'Invalidenstr. 1' } },
        metadata: { instanceId: install.instanceId },
      },
    ]);
  });

  it('answer the error classes of the package with their status and code', async () => {
    const answer = await rates({ shippingDestination: { country: 'DE' } });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ applicationError: { code: 'MISSING_POSTAL_CODE', data: {} } });
  });

  it('leave other errors unchanged', async () => {
    await expect(rates({ shippingDestination: { ...berlin, country: 'XX' } })).resolves.toMatchObject({ status: 500 });
  });

  it.each(['another-key', 'stale', 'another-app'] as const)('receive no forged request: %s', async (forgery) => {
    await expect(rates({ shippingDestination: berlin }, { forgery })).resolves.toMatchObject({ status: 401 });
    expect(seen).toEqual([]);
  });

  it("may be single methods of a controller, at their own paths below the controller's", async () => {
    const fees = await wix.send.servicePlugin(install, `${running.url}/plugins/v1/calculate-additional-fees`, {});
    expect(JSON.parse(fees.body)).toMatchObject({ additionalFees: [{ code: 'wrap', price: '1.00' }], currency: 'EUR' });
    const price = await wix.send.servicePlugin(install, `${running.url}/plugins/v1/calculate-price`, {
      bookingLineItems: [{ serviceId: 's' }],
    });
    expect(price.status).toBe(200);
    expect(seen).toMatchObject([{ request: { bookingLineItems: [{ serviceId: 's' }] } }]);
  });
});

describe('@WixServicePlugin() with a definition', () => {
  const javascript = (value: unknown): never => value as never;

  it('refuses a class that lacks a method', () => {
    class Empty {
      readonly nothing = true;
    }
    expect(() => {
      // @ts-expect-error Wix calls getShippingRates.
      WixServicePlugin(shippingRates)(Empty);
    }).toThrow(/Empty lacks the method getShippingRates/);
  });

  it('refuses a method the plugin does not have', () => {
    // @ts-expect-error There is no such method.
    expect(() => WixServicePlugin(shippingRates, 'getRates')).toThrow(
      /has no method getRates. It has getShippingRates/,
    );
  });

  it.each([[{}], [{ provideHandlers: () => undefined }], [{ __type: 'event-definition' }]])(
    'refuses what is not a definition: %p',
    (value) => {
      expect(() => WixServicePlugin(javascript(value))).toThrow(/service-plugins/);
    },
  );

  it('does not compile on a handler of another type', () => {
    class Other {
      // @ts-expect-error It takes no number.
      @WixServicePlugin(additionalFees, 'calculateAdditionalFees')
      fees(payload: number): number {
        return payload;
      }
    }
    expect(Other).toBeDefined();
  });
});
