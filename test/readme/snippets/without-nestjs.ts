import { appInstances } from '@wix/app-management';
import { AppStrategy, createClient } from '@wix/sdk';
import express from 'express';

const { WIX_APP_ID: appId = '', WIX_APP_SECRET: appSecret = '', WIX_API_URL, PORT } = process.env;
if (WIX_API_URL) {
  // The SDK knows one address of Wix: for development, it is the emulator's.
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    return fetch(url.replace('https://www.wixapis.com', WIX_API_URL), init);
  };
}

const app = express();
app.get('/instance', async (request, response) => {
  const auth = AppStrategy({ appId, appSecret, accessToken: request.get('authorization') ?? '' });
  const { active, subjectType } = await auth.getTokenInfo();
  if (!active) return void response.sendStatus(401);
  const wix = createClient({ auth: await auth.elevated(), modules: { appInstances } });
  const { instance } = await wix.appInstances.getAppInstance();
  response.json({ subjectType, instanceId: instance?.instanceId });
});
app.listen(Number(PORT ?? 3000), '127.0.0.1');
