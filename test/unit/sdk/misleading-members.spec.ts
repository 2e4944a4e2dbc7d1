import { createClient, type WixClient } from '@wix/sdk';
import { enableContext } from '@wix/sdk/context';
import { productsV3 } from '@wix/stores';

import { WixSdkClientFactory, type WixSdkClient } from '../../../src/sdk/index.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { CallingApp } from '../client/calling-app.js';

describe('A client for a call', () => {
  let app: CallingApp;
  let client: WixSdkClient<{ productsV3: typeof productsV3 }>;

  beforeAll(async () => {
    app = await CallingApp.start();
    client = await new WixSdkClientFactory(app.parts, app.settings).asInstance(app.instance, { productsV3 });
  });
  afterAll(() => app.stop());

  it('cannot become the context of the process', async () => {
    // @ts-expect-error It is for one caller.
    const error = await errorOf(() => (client.enableContext as (type: string) => void)('global'));
    expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED', message: expect.stringContaining('asInstance()') });
    expect(Reflect.get(globalThis, '__wix_context__')).toBeUndefined();
  });

  it('does not compile as one either', () => {
    const enable = () => {
      // @ts-expect-error It lacks what a context needs.
      enableContext(client, 'module');
    };
    expect(enable).toBeDefined();
  });

  it.each([
    ['webhooks', '@OnWixEvent()'],
    ['servicePlugins', '@WixServicePlugin()'],
  ])('has no %s, and says what to do instead', async (name, instead) => {
    const error = await errorOf(() => Reflect.get(client, name) as unknown);
    expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED', message: expect.stringContaining(instead) });
  });

  it('can still be spread and printed', () => {
    expect(Object.keys({ ...client })).toContain('productsV3');
    expect(() => JSON.stringify(client)).not.toThrow();
  });

  it('does not reveal its token', async () => {
    // @ts-expect-error Who called is told by the identity.
    expect(await codeOf(() => client.auth.getTokenInfo)).toBe('none');
  });

  it('has the modules and request methods of any other client', async () => {
    const { productsV3: module, fetchWithAuth, graphql, setHeaders, use, auth }: typeof client = client;
    for (const part of [module.getProduct, fetchWithAuth, graphql, setHeaders, use])
      expect(part).toBeInstanceOf(Function);
    const { headers } = await auth.getAuthHeaders();
    expect(headers).toHaveProperty('Authorization');
    // @ts-expect-error There is no such method.
    expect(module.getProducts).toBeUndefined();
  });

  it('lacks these three members at compile time, too', () => {
    type Left = Exclude<keyof WixClient, keyof WixSdkClient>;
    const left: Record<Left, true> = { enableContext: true, webhooks: true, servicePlugins: true };
    expect(Object.keys(createClient({}))).toEqual(expect.arrayContaining(Object.keys(left)));
  });
});
