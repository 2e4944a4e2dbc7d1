export { wixIdentityAuth, wixInstanceAuth, type WixSdkAuth } from './wix-sdk-auth.js';
export { WixSdkClientFactory, type WixSdkClient } from './wix-sdk-client.factory.js';
export type { WixSdkCallOptions } from './wix-fetch.js';
