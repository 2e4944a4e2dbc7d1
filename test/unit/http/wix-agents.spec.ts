import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

import { WixAgents } from '../../../src/http/wix-agents.js';
import { selfSigned, type SelfSigned } from '../../support/self-signed.js';

describe('WixAgents', () => {
  let credentials: SelfSigned;
  let server: Server;
  let connections = 0;

  beforeAll(async () => {
    credentials = await selfSigned();
    server = createServer(credentials, (_request, response) => response.end('{}'));
    server.on('secureConnection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('reuse a TLS connection for the next request, separately for each kind of traffic', async () => {
    const agents = new WixAgents();
    const { port } = server.address() as AddressInfo;
    const get = (lane: 'control' | 'introspection'): Promise<void> =>
      new Promise((resolve, reject) => {
        const agent = agents.of(lane).httpsAgent;
        request({ host: 'localhost', port, agent, ca: credentials.cert }, (response) =>
          response.resume().on('end', () => setImmediate(resolve)),
        )
          .on('error', reject)
          .end();
      });

    for (let time = 0; time < 3; time += 1) await get('control');
    expect(connections).toBe(1);
    await get('introspection');
    expect(connections).toBe(2);
    agents.close();
  });
});
