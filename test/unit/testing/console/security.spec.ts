import { request as httpRequest } from 'node:http';

import { runningConsole, type RunningConsole } from '../../../support/running-console.js';

let running: RunningConsole;
beforeAll(async () => {
  running = await runningConsole();
});
afterAll(() => running.stop());

/** A request with headers that `fetch` does not let us set. */
function raw(path: string, headers: Record<string, string>, method = 'GET', body?: string) {
  return new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const request = httpRequest(`${running.program.url}${path}`, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    request.on('error', reject).end(body);
  });
}

const withKey = (headers: Record<string, string> = {}) => ({ 'x-emulator-key': running.program.key, ...headers });
const host = () => new URL(running.program.url).host;

describe("the console's API", () => {
  it('accepts the key of the run', async () => {
    expect((await raw('/_emulator/api/overview', withKey())).status).toBe(200);
  });

  it.each([
    ['no key', {}],
    ['another key', { 'x-emulator-key': 'x'.repeat(43) }],
    ['an empty key', { 'x-emulator-key': '' }],
  ])('refuses reads and the stream with %s', async (_what, headers) => {
    for (const path of ['overview', 'stream', 'state', 'requests', 'no-such-call']) {
      expect([path, (await raw(`/_emulator/api/${path}`, headers)).status]).toEqual([path, 401]);
    }
  });

  it.each(['rebound.example', 'rebound.example:4444', '127.0.0.1.rebound.example', 'localhost.rebound.example'])(
    'refuses the Host %j, as after DNS rebinding, even with the key',
    async (name) => {
      for (const path of ['/_emulator/api/overview', '/_emulator/', '/_emulator/dashboard-sdk.js', '/']) {
        expect([path, (await raw(path, withKey({ host: name }))).status]).toEqual([path, 421]);
      }
    },
  );

  it('accepts the names of the loopback interface', async () => {
    const { port } = new URL(running.program.url);
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      expect((await raw('/_emulator/api/overview', withKey({ host: `${name}:${port}` }))).status).toBe(200);
    }
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the origin of the app', { origin: 'http://localhost:3000' }],
    ['no origin at all, as in a sandboxed frame', { origin: 'null' }],
    ['a cross-site page', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
  ])('refuses a POST of %s, even with the key', async (_what, headers) => {
    const sent = withKey({ 'content-type': 'application/json', ...headers });
    const answer = await raw('/_emulator/api/copy', sent, 'POST', JSON.stringify({ what: 'env' }));
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it("accepts a request from the console's own page", async () => {
    const sent = withKey({ origin: `http://${host()}`, 'sec-fetch-site': 'same-origin' });
    expect((await raw('/_emulator/api/overview', sent)).status).toBe(200);
  });

  it('refuses the preflight of another page', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-headers': 'x-emulator-key' };
    const answer = await raw('/_emulator/api/overview', headers, 'OPTIONS');
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('refuses a body that a form can send', async () => {
    const sent = withKey({ 'content-type': 'text/plain' });
    expect((await raw('/_emulator/api/copy', sent, 'POST', '{}')).status).toBe(415);
  });

  it('refuses bodies larger than 1 MiB', async () => {
    const sent = withKey({ 'content-type': 'application/json' });
    expect((await raw('/_emulator/api/copy', sent, 'POST', `"${'x'.repeat(1_100_000)}"`)).status).toBe(413);
  });

  it('sends pages that no other page can show in a frame', async () => {
    const { headers } = await raw('/_emulator/', {});
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).toContain("default-src 'self'");
  });

  it('serves no file outside the page', async () => {
    expect((await raw('/_emulator/..%2f..%2fpackage.json', {})).status).toBe(404);
  });

  it('allows the app, and no other origin, to load the dashboard script', async () => {
    const sdk = (origin: string) => raw('/_emulator/dashboard-sdk.js', { origin });
    expect((await sdk(running.appUrl)).headers['access-control-allow-origin']).toBe(running.appUrl);
    expect((await sdk('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('returns no secret, key or token except to copy it', async () => {
    const { scenario, key } = running.program;
    const { instanceId } = scenario.install();
    const owner = await running.call('POST', 'copy', { what: 'token', instanceId, as: 'owner' });
    // The app asks Wix with its secret, and about a token.
    await fetch(`${running.program.url}/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: scenario.app().appId,
        client_secret: scenario.app().appSecret,
        instance_id: instanceId,
      }),
    });
    await fetch(`${running.program.url}/oauth2/token-info`, {
      method: 'POST',
      headers: { authorization: owner.json.text, cookie: 'session=hush' },
      body: JSON.stringify({ token: owner.json.text }),
    });
    const paths = [
      'overview',
      `grants?instanceId=${instanceId}`,
      'event-types',
      `event-types/AppInstalled?instanceId=${instanceId}`,
      'deliveries',
      'plugins',
      `install?appId=${scenario.app().appId}`,
      'requests',
      'requests/1',
      'requests/2',
      'faults',
      'variants',
      'state',
    ];
    for (const path of paths) {
      const { status, text, headers } = await running.call('GET', path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers.get('cache-control')).toBe('no-store');
      for (const secret of [scenario.app().appSecret, owner.json.text as string, key, 'PRIVATE', 'hush']) {
        expect([path, text.includes(secret)]).toEqual([path, false]);
      }
    }
  });
});

describe("the forms of Wix's pages", () => {
  const agree = (headers: Record<string, string>) => {
    const { scenario } = running.program;
    const fields = {
      appId: scenario.app().appId,
      siteId: scenario.site('bulbs').siteId,
      postInstallationUrl: 'https://evil.example/',
    };
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return raw('/app-installer', { ...type, ...headers }, 'POST', new URLSearchParams(fields).toString());
  };

  it.each([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['a cross-site page', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a rebound name', { host: 'rebound.example' }, 421],
  ])('are refused from %s', async (_what, headers, status) => {
    expect((await agree(headers)).status).toBe(status);
    expect(() => running.program.scenario.install({ site: 'bulbs' })).toThrow('not installed');
  });

  it('are accepted from the page itself', async () => {
    expect((await agree({ origin: `http://${host()}`, 'sec-fetch-site': 'same-origin' })).status).toBe(302);
  });
});

describe('--allow-host', () => {
  it('allows one more name, and nothing else', async () => {
    const other = await runningConsole({ allowedHosts: ['emulator'] });
    const ask = (name: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { host: name, 'x-emulator-key': other.program.key };
        httpRequest(`${other.program.url}/_emulator/api/overview`, { headers, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await ask('emulator:4444')).toBe(200);
    expect(await ask('emulator.example')).toBe(421);
    await other.stop();
  });
});
