import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INestApplication } from '@nestjs/common';
import { WixInstallService } from 'nestjs-wix-auth';

import { createApp } from '../../../sample/src/create-app.js';
import { curlLines, type CurlLine } from './curl-lines.js';
import type { emulatedSite } from './emulated-site.js';

type EmulatedSite = Awaited<ReturnType<typeof emulatedSite>>;

export interface SampleOptions {
  readonly platform: 'express' | 'fastify';
  /** A free port: the app must know its own address before it starts. */
  readonly port: number;
  /** Where refresh tokens are stored, and the credentials of the emulated people are written, one header file each. */
  readonly folder: string;
}

export interface RunningSample {
  readonly server: INestApplication;
  readonly lines: readonly CurlLine[];
  /** The page of the emulated App Market to install the app from, in a browser. */
  readonly marketUrl: string;
}

/** Starts the app against an emulated Wix. */
export async function startSample(
  { wix, app, install, credentials, signedInstance }: EmulatedSite,
  { platform, port, folder }: SampleOptions,
): Promise<RunningSample> {
  // Browsers take it and 127.0.0.1, where the emulator is, for two sites.
  const publicUrl = `http://localhost:${String(port)}`;
  Object.assign(process.env, {
    WIX_APP_ID: app.appId,
    WIX_APP_SECRET: app.appSecret,
    WIX_PUBLIC_KEY: app.publicKey,
    WIX_API_URL: wix.url,
    PUBLIC_URL: publicUrl,
    REFRESH_TOKEN_FOLDER: join(folder, 'refresh-tokens'),
  });
  const server = await createApp(platform);
  await server.listen(port, '127.0.0.1');
  const { appUrl, redirectUrl } = server.get(WixInstallService, { strict: false }).addresses;
  // In reality, these stand in the app dashboard.
  Object.assign(app, { appUrl, redirectUrls: [redirectUrl], websiteUrl: `${publicUrl}/install` });
  await wix.send.webhook(install, `${await server.getUrl()}/wix/webhooks`, { type: 'AppInstalled' }).delivered;

  mkdirSync(folder, { recursive: true });
  for (const [who, token] of Object.entries(credentials)) {
    writeFileSync(join(folder, who), `authorization: ${token}\n`, { mode: 0o600 });
  }
  writeFileSync(join(folder, 'signed-instance'), signedInstance, { mode: 0o600 });
  return { server, lines: curlLines(await server.getUrl(), folder), marketUrl: wix.marketUrl(app) };
}
