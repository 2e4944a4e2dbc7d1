import { statSync, readFileSync } from 'node:fs';

import { runningConsole, type RunningConsole } from '../../../support/running-console.js';
import { freePort } from '../../../support/free-port.js';
import { untilTrue } from '../../../support/until-true.js';

let running: RunningConsole;
beforeEach(async () => {
  running = await runningConsole();
});
afterEach(() => running.stop());

const instanceId = () => running.program.scenario.install().instanceId;

describe('the overview', () => {
  it('shows apps, sites, people and installations of the default scenario', async () => {
    const { json } = await running.call('GET', 'overview');
    expect(json.sites).toMatchObject([{ key: 'flowers' }, { key: 'bulbs' }]);
    expect(json.sites[0].people).toMatchObject([
      { key: 'owner', kind: 'user' },
      { key: 'manager', kind: 'user' },
      { key: 'agent', kind: 'user' },
      { key: 'member', kind: 'member' },
      { key: 'visitor', kind: 'visitor' },
    ]);
    expect(json.installs).toMatchObject([{ siteId: json.sites[0].siteId, isInstalled: true }]);
    const [app] = json.apps;
    expect(app.webhooksUrl).toBe(`${running.appUrl}/wix/webhooks`);
    expect(app.env).toContainEqual({ name: 'WIX_APP_SECRET', value: null, secret: true });
    expect(app.env).toContainEqual({ name: 'WIX_API_URL', value: running.program.url, secret: false });
    expect(app.connection).toMatchObject({ reachable: true, problem: null, lastRequestAt: null });
  });

  it('says when the app is unreachable', async () => {
    const port = String(await freePort());
    const other = await runningConsole({ appUrl: `http://localhost:${port}` });
    const { json } = await other.call('GET', 'overview');
    expect(json.apps[0].connection).toMatchObject({
      reachable: false,
      problem: `Nothing listens at http://localhost:${port}.`,
    });
    await other.stop();
  });
});

describe('copying', () => {
  it('copies the lines for .env, and one value', async () => {
    const { app } = running.program.app;
    const all = await running.call('POST', 'copy', { what: 'env', appId: app.appId });
    expect(all.json.text).toContain(`WIX_APP_SECRET=${app.appSecret}\n`);
    const one = await running.call('POST', 'copy', { what: 'env', appId: app.appId, name: 'WIX_APP_SECRET' });
    expect(one.json).toEqual({ text: app.appSecret, expiresAt: null });
    expect((await running.call('POST', 'copy', { what: 'env' })).status).toBe(400);
    expect((await running.call('POST', 'copy', { what: 'token', instanceId: 'none', as: 'owner' })).status).toBe(404);
  });

  it('copies the token of each person, as token-info knows it', async () => {
    const expected = { owner: 'USER', manager: 'USER', member: 'MEMBER', visitor: 'VISITOR', app: 'APP' };
    for (const [as, subjectType] of Object.entries(expected)) {
      const { json } = await running.call('POST', 'copy', { what: 'token', instanceId: instanceId(), as });
      const info = await fetch(`${running.program.url}/oauth2/token-info`, {
        method: 'POST',
        body: JSON.stringify({ token: json.text }),
      });
      expect(await info.json()).toMatchObject({ active: true, subjectType });
    }
  });
});

describe('the dashboard', () => {
  it("opens the app's page with an instance signed for the person", async () => {
    const { json } = await running.call('POST', 'dashboard', { instanceId: instanceId(), as: 'manager' });
    expect(json.origin).toBe(running.appUrl);
    const src = new URL(String(json.src));
    expect(src.origin + src.pathname).toBe(`${running.appUrl}/dashboard`);
    const [, data = ''] = src.searchParams.get('instance')?.split('.') ?? [];
    const person = running.program.scenario.person('manager');
    expect(JSON.parse(Buffer.from(data, 'base64url').toString())).toMatchObject({
      instanceId: instanceId(),
      uid: person.kind === 'user' ? person.user.userId : '',
    });
  });
});

describe('trying a request', () => {
  const tryIt = (body: object) =>
    running.call('POST', 'try', { instanceId: instanceId(), as: 'agent', method: 'GET', path: '/products', ...body });

  it('sends it with the credential of the person, and shows the response', async () => {
    let authorization: string | undefined;
    running.answerWith((request, response) => {
      ({ authorization } = request.headers);
      response.writeHead(201, { 'x-made': 'yes' }).end(`${request.method ?? ''} ${request.url ?? ''}`);
    });
    const { json } = await tryIt({ method: 'post', path: '/products?page=2' });
    expect(json).toMatchObject({ status: 201, body: 'POST /products?page=2', refusal: null, problem: null });
    expect(json.headers['x-made']).toBe('yes');
    expect(authorization).toMatch(/^OauthNG\.JWS\./);
    await tryIt({ as: null });
    expect(authorization).toBeUndefined();
    await tryIt({ credential: 'signed-instance' });
    expect(authorization?.split('.')).toHaveLength(2);
  });

  it.each([
    [
      { code: 'WIX_SCOPE_MISSING', missingScopes: ['SCOPE.X'], lackedBy: ['user'] },
      'Agent lacks SCOPE.X; the app holds it.',
    ],
    [{ code: 'WIX_SCOPE_MISSING', missingScopes: ['SCOPE.X'], lackedBy: ['app'] }, 'The app lacks SCOPE.X.'],
    [
      { code: 'WIX_IDENTITY_NOT_ALLOWED', identityType: 'user', allowedIdentities: ['app'] },
      'The route takes app only; Agent is none of them.',
    ],
    [{ message: 'Closed on Sundays' }, 'Closed on Sundays'],
  ])('explains the refusal %j', async (body, text) => {
    running.answerWith((_request, response) => response.writeHead(403).end(JSON.stringify(body)));
    const { json } = await tryIt({});
    expect(json.refusal).toMatchObject({ by: 'app', text });
  });

  it('says when Wix refused, and why', async () => {
    running.answerWith((request, response) => {
      const { authorization = '' } = request.headers;
      const asked = fetch(`${running.program.url}/contacts/v4/contacts/query`, {
        method: 'POST',
        headers: { authorization },
        body: '{}',
      });
      void asked.then(({ status }) => response.writeHead(status).end('{}'));
    });
    await running.call('PATCH', 'variants', { boundTokens: 'accepted' });
    const { json } = await tryIt({});
    expect(json.refusal).toMatchObject({ by: 'wix' });
    expect(json.refusal.text).toContain('SCOPE.DC-CONTACTS.READ-CONTACTS is needed');
    expect(json.wixRequests).toHaveLength(1);
  });

  it('sends credentials to the app only', async () => {
    expect((await tryIt({ path: '//evil.example/' })).status).toBe(400);
    expect((await tryIt({ path: 'http://evil.example/' })).status).toBe(400);
    expect((await tryIt({ path: '/\\evil.example/' })).status).toBe(400);
  });

  it('does not follow redirects', async () => {
    running.answerWith((_request, response) => response.writeHead(302, { location: 'https://evil.example' }).end());
    expect((await tryIt({})).json.status).toBe(302);
  });

  it('copies a curl line with the credential in a file that only this user can read', async () => {
    const { json } = await running.call('POST', 'try/curl', {
      instanceId: instanceId(),
      as: 'agent',
      method: 'POST',
      path: '/products',
      headers: { 'content-type': 'application/json' },
      body: `{"name":"Ada's"}`,
    });
    expect(json.command).toBe(
      `curl -i -X POST -H @${json.headerFile} -H 'content-type: application/json' ` +
        `--data-raw '{"name":"Ada'\\''s"}' ${running.appUrl}/products`,
    );
    expect(statSync(String(json.headerFile)).mode & 0o777).toBe(0o600);
    expect(readFileSync(String(json.headerFile), 'utf8')).toMatch(/^authorization: OauthNG/);
  });
});

describe('grants', () => {
  const READ = 'SCOPE.DC-STORES.READ-PRODUCTS';
  const MANAGE = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
  interface Row {
    readonly scope: string;
    readonly people: Readonly<Record<string, string>>;
  }
  const rowsOf = async (): Promise<readonly Row[]> =>
    (await running.call('GET', `grants?instanceId=${instanceId()}`)).json.rows as readonly Row[];

  it('show who holds a scope, by itself or contained in another', async () => {
    const rows = await rowsOf();
    expect(rows).toContainEqual(
      expect.objectContaining({
        scope: READ,
        requested: true,
        app: 'direct',
        people: { owner: 'direct', manager: 'contained', agent: 'direct' },
      }),
    );
    expect(rows.find(({ scope }) => scope === MANAGE)?.people['agent']).toBe('no');
  });

  it('change immediately', async () => {
    const token = (await running.call('POST', 'copy', { what: 'token', instanceId: instanceId(), as: 'app' })).json
      .text;
    const query = () =>
      fetch(`${running.program.url}/stores/v3/products/query`, {
        method: 'POST',
        headers: { authorization: token },
        body: '{}',
      });
    expect((await query()).status).toBe(200);
    const { json } = await running.call('PATCH', `installs/${instanceId()}`, { revoke: [READ, MANAGE] });
    expect(json.install.grants).not.toContain(READ);
    expect(json.deliveries).toEqual([]);
    expect((await query()).status).toBe(403);
    const { siteId } = running.program.scenario.site();
    const path = `sites/${siteId}/people/agent`;
    expect((await running.call('PATCH', path, { permissions: [], roles: ['1'] })).json).toMatchObject({ roles: ['1'] });
    expect((await running.call('PATCH', `sites/${siteId}/people/visitor`, { roles: [] })).status).toBe(404);
    const { json: state } = await running.call('GET', 'state');
    expect(state.installs[0].grants).not.toContain(READ);
  });

  it('notify the app of a removal and of a reinstallation, as Wix does', async () => {
    running.answerWith((request, response) => {
      request.resume();
      response.writeHead(200).end();
    });
    const removed = await running.call('PATCH', `installs/${instanceId()}`, { isInstalled: false });
    expect(removed.json).toMatchObject({
      install: { isInstalled: false },
      deliveries: [{ type: 'AppRemoved', state: 'delivered' }],
    });
    const again = await running.call('PATCH', `installs/${instanceId()}`, { isInstalled: true });
    expect(again.json.deliveries).toMatchObject([{ type: 'AppInstalled' }]);
  });
});

describe('installing', () => {
  it('says which settings a flow lacks', async () => {
    const { json } = await running.call('GET', `install?appId=${running.program.app.app.appId}`);
    expect(json.flows).toMatchObject([
      { flow: 'external', startUrl: null, problem: expect.stringContaining('websiteUrl') },
      { flow: 'custom-authentication', startUrl: null, problem: expect.stringContaining('redirectUrls') },
    ]);
  });

  it('shows each step without secrets, and notifies the app of the installation', async () => {
    const received: string[] = [];
    running.answerWith((request, response) => {
      received.push(request.url ?? '');
      request.resume();
      response.writeHead(200).end();
    });
    const { app } = running.program.app;
    const other = running.program.scenario.site('bulbs');
    const back = `${running.appUrl}/back?state=hush`;
    await running.call('PUT', 'install/faults', { signedInstance: 'expired' });
    const form = { appId: app.appId, postInstallationUrl: back, siteId: other.siteId };
    const agreed = await fetch(`${running.program.url}/app-installer`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    expect(agreed.status).toBe(302);
    await untilTrue(() => received.includes('/wix/webhooks'));
    const { json, text } = await running.call('GET', `install?appId=${app.appId}`);
    expect(json.faults).toEqual({ signedInstance: 'expired' });
    expect(json.steps).toMatchObject([
      { id: 1, title: 'The owner agreed', status: 302 },
      { id: 2, title: 'Wix sends the browser back to the app' },
    ]);
    expect(json.steps[1].url).toContain('signedInstance=…');
    expect(text).not.toContain('hush');
    expect((await running.call('PUT', 'install/faults', {})).json).toEqual({});
    expect((await running.call('PUT', 'install/faults', { code: 'lost' })).status).toBe(400);
    expect((await running.call('DELETE', 'install/steps')).status).toBe(204);
  });

  it('can lose the cookie: the browser comes back by the other loopback name', async () => {
    await running.call('PUT', 'install/faults', { cookie: 'lost' });
    const agreed = await fetch(`${running.program.url}/app-installer`, {
      method: 'POST',
      body: new URLSearchParams({
        appId: running.program.app.app.appId,
        postInstallationUrl: 'http://localhost:3000/back',
        siteId: running.program.scenario.site('bulbs').siteId,
      }),
      redirect: 'manual',
    });
    expect(agreed.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:3000\/back\?/);
  });
});
