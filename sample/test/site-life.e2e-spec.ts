import type { WixInstanceId } from 'nestjs-wix-auth';

import { SiteLife } from '../src/site-life.js';
import { startTestApp, type TestApp } from './test-app.js';

describe('The life of a site', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp();
  });
  afterAll(() => test.close());

  it('begins when Wix reports that the app was installed, and ends when it was removed', async () => {
    const install = test.install();
    const instanceId = install.instanceId as WixInstanceId;
    const sites = test.nest.get(SiteLife);
    const send = (type: string) => test.wix.send.webhook(install, `${test.url}/wix/webhooks`, { type }).delivered;

    await send('AppInstalled');
    expect(sites.installedAt(instanceId)).toBeInstanceOf(Date);
    await send('AppRemoved');
    expect(sites.installedAt(instanceId)).toBeUndefined();
  });

  it('is not changed by events that Wix did not sign', async () => {
    const response = await fetch(`${test.url}/wix/webhooks`, { method: 'POST', body: 'not.a.webhook' });
    expect(response.status).toBe(401);
  });
});
