import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Controller, Post, type Type } from '@nestjs/common';
import * as appManagement from '@wix/app-management/service-plugins';
import * as bookings from '@wix/bookings/service-plugins';
import * as ecom from '@wix/ecom/service-plugins';
import * as forms from '@wix/forms/service-plugins';
import { WixAuthModule, WixServicePlugin, WixServicePluginRequest, type WixServicePluginModule } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedInstall, type EmulatedPluginMethod } from 'nestjs-wix-auth/testing';

import { startApp, type RunningApp } from '../support/running-app.js';

/** Every method Wix is known to call, from the data of the catalogue. */
const rows = readFileSync(join(process.cwd(), 'data/wix-service-plugins.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([plugin = '', method = '', path = '']) => ({ plugin, method, path }));

/** What handlers were called, newest last. */
const seen: (readonly [method: string, request: unknown])[] = [];

type Called = (payload: { readonly request: unknown }) => object;

/** The plugins of the packages that are installed here. */
const definitions = [appManagement, bookings, ecom, forms]
  .flatMap((modules) => Object.values<object>(modules))
  .filter(
    (module): module is Exclude<WixServicePluginModule, { readonly __type: string }> => 'provideHandlers' in module,
  );

/** A class with every method of a plugin, mounted as that plugin. */
function implementationOf(module: (typeof definitions)[number]): Type {
  const { componentType, methods } = module.provideHandlers;
  class Plugin {
    readonly kind = componentType;
  }
  for (const { name } of methods) {
    const method: Called = ({ request }) => {
      seen.push([`${componentType}.${name}`, request]);
      return {};
    };
    Object.defineProperty(Plugin.prototype, name, { value: method, configurable: true });
  }
  WixServicePlugin(module, { path: componentType })(Plugin);
  return Plugin;
}

const known = new Set(definitions.map(({ provideHandlers }) => provideHandlers.componentType));

/** Routes for the methods of a plugin whose package is not installed here. */
function routesOf(plugin: string): Type {
  class Routes {
    readonly kind = plugin;
  }
  for (const { method, path } of rows.filter((row) => row.plugin === plugin)) {
    const descriptor: TypedPropertyDescriptor<(request: unknown) => object> = {
      configurable: true,
      value: (request) => {
        seen.push([`${plugin}.${method}`, request]);
        return {};
      },
    };
    Object.defineProperty(Routes.prototype, method, descriptor);
    WixServicePluginRequest()(Routes.prototype, method, 0);
    Post(path)(Routes.prototype, method, descriptor);
    WixServicePlugin()(Routes.prototype, method, descriptor);
  }
  Controller(plugin)(Routes);
  return Routes;
}

describe('The service plugins that the emulator calls', () => {
  let wix: WixEmulator;
  let install: EmulatedInstall;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    const app = wix.addApp();
    install = wix.install(app, wix.addSite());
    const others = new Set(rows.map(({ plugin }) => plugin).filter((plugin) => !known.has(plugin)));
    running = await startApp('express', {
      imports: [WixAuthModule.forRoot({ ...emulatedOptions(wix, app), publicKey: app.publicKey })],
      controllers: [...definitions.map(implementationOf), ...[...others].map(routesOf)],
    });
  });
  beforeEach(() => {
    seen.length = 0;
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  it('are all 20, with 55 methods', () => {
    expect(new Set(rows.map(({ plugin }) => plugin)).size).toBe(20);
    expect(rows).toHaveLength(55);
    expect(known.size).toBe(19);
  });

  it.each(rows)('$plugin.$method is called where Wix calls it', async ({ plugin, method }) => {
    const name = `${plugin}.${method}` as EmulatedPluginMethod;
    const answer = await wix.send.pluginMethod(install, `${running.url}/${plugin}`, name, { marker: 'yes' });
    expect(answer).toMatchObject({ status: 200 });
    expect(seen).toEqual([[name, expect.objectContaining({ marker: 'yes' })]]);
  });

  it('may be called with a forged signature, with metadata, and without a request', async () => {
    const uri = `${running.url}/ECOM_SHIPPING_RATES`;
    const forged = await wix.send.pluginMethod(
      install,
      uri,
      'ECOM_SHIPPING_RATES.getShippingRates',
      {},
      { forgery: 'another-key' },
    );
    expect(forged.status).toBe(401);
    expect((await wix.send.pluginMethod(install, uri, 'ECOM_SHIPPING_RATES.getShippingRates')).status).toBe(200);
  });

  it('have validated names', () => {
    // @ts-expect-error There is no such method.
    const call = () => wix.send.pluginMethod(install, running.url, 'ECOM_SHIPPING_RATES.getRates');
    expect(call).toThrow('No service plugin of Wix has a method ECOM_SHIPPING_RATES.getRates.');
  });
});
