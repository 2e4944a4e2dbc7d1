/** Where Wix's SDK takes Wix's APIs to be. */
export const WIX = 'https://www.wixapis.com';

/** Sends what Wix's SDK asks of Wix to the emulator: it knows no other address. */
export function pointSdkAt(apiUrl: string): void {
  const realFetch = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    realFetch(typeof input === 'string' && input.startsWith(WIX) ? apiUrl + input.slice(WIX.length) : input, init);
}
