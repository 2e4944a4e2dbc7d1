import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INestApplication } from '@nestjs/common';

import { createApp } from './create-app.js';
import { curlLines, type CurlLine } from './curl-lines.js';
import type { emulatedSite } from './emulated-site.js';

type EmulatedSite = Awaited<ReturnType<typeof emulatedSite>>;

export interface SampleOptions {
  readonly platform: 'express' | 'fastify';
  readonly port: number;
  /** Where the credentials of the emulated people are written, one header file each. */
  readonly folder: string;
}

/** Starts the app against an emulated Wix. */
export async function startSample(
  { wix, app, install, credentials, signedInstance }: EmulatedSite,
  { platform, port, folder }: SampleOptions,
): Promise<{ readonly server: INestApplication; readonly lines: readonly CurlLine[] }> {
  Object.assign(process.env, {
    WIX_APP_ID: app.appId,
    WIX_APP_SECRET: app.appSecret,
    WIX_PUBLIC_KEY: app.publicKey,
    WIX_API_URL: wix.url,
  });
  const server = await createApp(platform);
  await server.listen(port, '127.0.0.1');
  await wix.send.webhook(install, `${await server.getUrl()}/wix/webhooks`, { type: 'AppInstalled' }).delivered;

  mkdirSync(folder, { recursive: true });
  for (const [who, token] of Object.entries(credentials)) {
    writeFileSync(join(folder, who), `authorization: ${token}\n`, { mode: 0o600 });
  }
  writeFileSync(join(folder, 'signed-instance'), signedInstance, { mode: 0o600 });
  return { server, lines: curlLines(await server.getUrl(), folder) };
}
