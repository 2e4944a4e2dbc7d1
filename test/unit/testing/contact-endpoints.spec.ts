import { emulatedPlatform, type EmulatedPlatform } from './emulated-platform.js';
import { call } from './http-calls.js';

const READ_CONTACTS = 'SCOPE.DC-CONTACTS.READ-CONTACTS';
const MANAGE_CONTACTS = 'SCOPE.DC-CONTACTS.MANAGE-CONTACTS';

describe('the emulated contacts', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  const contacts = (path: string, body?: unknown, method?: string) =>
    call(`${platform.wix.url}/contacts/v4/contacts${path}`, {
      token: platform.wix.mint.appToken(platform.install),
      body,
      ...(method ? { method } : {}),
    });

  it('are separate for each site, and change by revisions', async () => {
    platform.install.grant(MANAGE_CONTACTS);
    const created = await contacts('', { info: { name: { first: 'Ada' } } });
    const { id } = created.body['contact'] as { id: string };
    expect(created).toMatchObject({
      status: 200,
      body: { contact: { revision: 0, info: { name: { first: 'Ada' } } } },
    });

    const change = { revision: 0, info: { company: 'Engines' } };
    expect((await contacts(`/${id}`, change, 'PATCH')).body).toMatchObject({
      contact: { revision: 1, info: { name: { first: 'Ada' }, company: 'Engines' } },
    });
    expect((await contacts(`/${id}`, change, 'PATCH')).status).toBe(409);
    expect((await contacts(`/${id}`)).body).toMatchObject({ contact: { id, revision: 1 } });
    expect((await contacts('/query', { query: { filter: { 'info.company': 'Engines' } } })).body).toMatchObject({
      contacts: [{ id }],
      pagingMetadata: { count: 1, offset: 0, total: 1 },
    });
    expect((await contacts(`/${id}`, undefined, 'DELETE')).status).toBe(200);
    expect((await contacts(`/${id}`)).status).toBe(404);
  });

  it('need permissions, and a body with content', async () => {
    expect((await contacts('/query', {})).status).toBe(403);
    platform.install.grant(READ_CONTACTS);
    expect((await contacts('/query', {})).status).toBe(200);
    expect((await contacts('', { info: { company: 'Engines' } })).status).toBe(403);
    platform.install.grant(MANAGE_CONTACTS);
    expect((await contacts('', { info: {} })).status).toBe(400);
  });
});
