import type { EmulatedApp } from '../../world/emulated-app.js';

/** A line of `.env` with its value, secret ones included: for requests to copy it. */
export interface FullEnvLine {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/** The settings that an app needs to use this emulator. */
export const envLines = (app: EmulatedApp, wixUrl: string): readonly FullEnvLine[] => [
  { name: 'WIX_APP_ID', value: app.appId, secret: false },
  { name: 'WIX_APP_SECRET', value: app.appSecret, secret: true },
  { name: 'WIX_PUBLIC_KEY', value: app.publicKey.trim().replaceAll('\n', '\\n'), secret: false },
  { name: 'WIX_API_URL', value: wixUrl, secret: false },
];

/** The text of lines for `.env`. */
export const envText = (lines: readonly FullEnvLine[]): string =>
  lines.map(({ name, value }) => `${name}=${/[\s\\]/.test(value) ? `"${value}"` : value}`).join('\n');
