import { execFile } from 'node:child_process';
import { createServer } from 'node:net';

import { freePort } from '../support/free-port.js';

describe('npm start', () => {
  it.each(['PORT', 'WIX_PORT'])('says that %s is taken, before anything is built', async (name) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const env = { ...process.env, PORT: String(await freePort()), WIX_PORT: String(await freePort()), [name]: port };
    const ended = await new Promise<object>((resolve) => {
      execFile(process.execPath, ['scripts/start.mjs'], { env }, (error, out, err) =>
        resolve({ code: error?.code, out, err }),
      );
    });
    expect(ended).toEqual({
      code: 1,
      out: '',
      err: `Port ${port} is taken. Stop what runs there, or choose another one: ${name}=… npm start\n`,
    });
    await new Promise((resolve) => server.close(resolve));
  });
});
