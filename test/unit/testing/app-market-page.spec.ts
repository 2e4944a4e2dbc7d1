import { WixEmulator } from '../../../src/testing/emulator/wix-emulator.js';

describe("The emulator's App Market", () => {
  let wix: WixEmulator;

  beforeEach(async () => {
    wix = await WixEmulator.start();
  });
  afterEach(() => wix.stop());

  const links = async (url: string): Promise<string[]> => {
    const html = await (await fetch(url)).text();
    return [...html.matchAll(/href="([^"]*)">Add to Site/g)].map(([, href = '']) => href);
  };

  it('offers the flows the app has, each with a new token', async () => {
    const app = wix.addApp({ websiteUrl: 'https://app.test/install', appUrl: 'https://app.test/app-url?own=1' });
    const [website, appUrl = ''] = await links(wix.marketUrl(app));
    const [, again] = await links(wix.marketUrl(app));

    expect(website).toBe('https://app.test/install');
    expect(appUrl).toMatch(/^https:\/\/app\.test\/app-url\?own=1&amp;token=[0-9a-f]{128}$/);
    expect(appUrl).not.toBe(again);
    expect(wix.installer.isTokenOf(app, appUrl.slice(-128))).toBe(true);
  });

  it('says what an app without any lacks, and accepts no others', async () => {
    const answer = await fetch(wix.marketUrl(wix.addApp()));
    expect(await answer.text()).toContain('neither a websiteUrl nor an appUrl');
    expect((await fetch(`${wix.url}/app-market/unknown`)).status).toBe(400);
  });
});
