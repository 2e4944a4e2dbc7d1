import { WixMisconfiguredError } from '../core/wix-auth.errors.js';

const CONTEXT =
  'enableContext() would make the client of one caller the client of every request in this process. Pass the client on, ' +
  'or make one where it is needed, with asInstance() or onBehalfOf() of WixSdkClientFactory.';
const WEBHOOKS =
  'A client of WixSdkClientFactory is for one call and takes no webhooks: handle them with @OnWixEvent(), which verifies ' +
  'them for whom they were sent.';
const SERVICE_PLUGINS =
  'A client of WixSdkClientFactory is for one call and serves no plugins: put @WixServicePlugin() on a controller.';

/** Members of SDK clients that would do harm, or nothing, on a client made for one call. */
export type Misleading = 'enableContext' | 'webhooks' | 'servicePlugins';

/** Makes them throw, for code without types. */
export function refuseWhatMisleads(client: Readonly<Record<Misleading, unknown>>): void {
  Object.defineProperties(client, {
    enableContext: { value: () => refuse(CONTEXT), enumerable: false },
    webhooks: { get: () => refuse(WEBHOOKS), enumerable: false },
    servicePlugins: { get: () => refuse(SERVICE_PLUGINS), enumerable: false },
  });
}

function refuse(message: string): never {
  throw new WixMisconfiguredError(message);
}
