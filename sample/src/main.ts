import { emulatedSite } from './emulated-site.js';
import { startSample } from './start-sample.js';

const platform = process.argv.includes('--fastify') ? 'fastify' : 'express';
const port = Number(process.env['PORT'] ?? 3000);
const { lines, marketUrl } = await startSample(await emulatedSite(), { platform, port, folder: '.tmp' });

console.log(
  `\nThe sample runs on ${platform} against an emulated Wix. Paste these in another terminal, in this folder:\n`,
);
for (const { who, command, status, says } of lines) {
  console.log(`# ${who}: ${String(status)}, ${says}\n${command}\n`);
}
console.log(`# Add the app to a site, in a browser: both ways end on a page with the site's name\n${marketUrl}\n`);
