import { createApp } from './create-app.js';

// WIX_APP_ID and so on come from the environment: `npm start` sets them, or a .env with what the emulator prints.
const platform = process.argv.includes('--fastify') ? 'fastify' : 'express';
const port = Number(process.env['PORT'] ?? 3000);
const publicUrl = (process.env['PUBLIC_URL'] ??= `http://localhost:${String(port)}`);
process.env['REFRESH_TOKEN_FOLDER'] ??= '.tmp/refresh-tokens';

const server = await createApp(platform);
await server.listen(port, '127.0.0.1');
console.log(`\nThe sample app runs on ${platform}. ${publicUrl} says what there is.\n`);
process.send?.('ready');
