import { startGuardedApp } from './guarded-app';

describe('an app on NestJS 11, in CommonJS', () => {
  let app: Awaited<ReturnType<typeof startGuardedApp>>;

  beforeAll(async () => {
    app = await startGuardedApp();
  });

  afterAll(() => app.stop());

  it('lets the owner pass with the scope the site granted', async () => {
    const answer = await fetch(app.url, { headers: { authorization: app.token } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ userId: app.ownerId, appToken: '[redacted]' });
  });

  it('refuses the owner the scope the site did not grant', async () => {
    const headers = { authorization: `Bearer ${app.token}`, 'content-type': 'application/json' };
    const answer = await fetch(app.url, { method: 'POST', headers, body: JSON.stringify({ name: 'Chair' }) });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'WIX_SCOPE_MISSING' });
  });

  it('refuses a request without a token', async () => {
    expect((await fetch(app.url)).status).toBe(401);
  });
});
