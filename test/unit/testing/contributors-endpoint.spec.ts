import { OWNER_ROLE_ID } from 'nestjs-wix-auth/testing';

import { call } from './http-calls.js';
import { CONTRIBUTORS, emulatedPlatform, type EmulatedPlatform } from './emulated-platform.js';

interface Contributor {
  readonly id: string;
  readonly metaData: { readonly id: string; readonly assignments: readonly Record<string, unknown>[] };
}

describe('the emulated Query Site Contributors', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
    platform.install.grant(CONTRIBUTORS);
  });
  afterEach(() => platform.wix.stop());

  const query = (parameters = '', token = platform.wix.mint.appToken(platform.install)) =>
    call(`${platform.wix.url}/roles-management/v2/contributors/query${parameters}`, { token });

  const contributors = async (parameters = ''): Promise<readonly Contributor[]> =>
    (await query(parameters)).body['contributors'] as Contributor[];

  const idsOf = (found: readonly Contributor[]) => found.map(({ id }) => id);

  it('lists the owner and the collaborators of the site with their roles, and no others', async () => {
    const { site, wix } = platform;
    const user = site.addUser({ roles: ['editor', 'blogger'] });
    wix.addSite().addUser();
    const [owner, collaborator, ...others] = await contributors();

    expect(others).toEqual([]);
    expect(owner).toMatchObject({
      id: site.owner.userId,
      metaData: { assignments: [{ policy: { policyId: OWNER_ROLE_ID } }] },
    });
    expect(collaborator?.id).toBe(user.userId);
    expect(collaborator?.metaData.id).toBe(user.accountId);
    expect(collaborator?.metaData.assignments).toEqual([
      expect.objectContaining({ policy: { policyId: 'editor' }, assignmentId: expect.any(String) }),
      expect.objectContaining({ policy: { policyId: 'blogger' } }),
    ]);
  });

  it('can omit the owner', async () => {
    platform.wix.variants.ownerIsContributor = false;
    expect(await contributors()).toEqual([]);
  });

  it('follows changes of roles and removals', async () => {
    const { site } = platform;
    const [stays, goes] = [site.addUser({ roles: ['old'] }), site.addUser()];
    stays.roles = ['new'];
    site.removeUser(goes);
    expect(await contributors()).toMatchObject([
      { id: site.owner.userId },
      { id: stays.userId, metaData: { assignments: [{ policy: { policyId: 'new' } }] } },
    ]);
  });

  it('writes roles as text, and locations in three places, when configured', async () => {
    const { wix, site } = platform;
    site.addUser({ roles: ['clerk'], locationIds: ['north'] });
    const assignment = async () => (await contributors())[1]?.metaData.assignments[0];

    expect(await assignment()).toMatchObject({ policy: { policyId: 'clerk' }, locationIds: ['north'] });
    wix.variants.assignmentPolicy = 'string';
    wix.variants.assignmentLocations = 'subject';
    expect(await assignment()).toMatchObject({ policy: 'clerk', subject: { locationIds: ['north'] } });
    wix.variants.assignmentLocations = 'restrictions';
    expect(await assignment()).toMatchObject({ restrictions: { locations: { locationIds: ['north'] } } });
  });

  it('filters by role and by location', async () => {
    const { site } = platform;
    const clerk = site.addUser({ roles: ['clerk'], locationIds: ['north'] });
    const baker = site.addUser({ roles: ['baker'], locationIds: ['south'] });

    expect(idsOf(await contributors('?filter.policyIds=clerk'))).toEqual([clerk.userId]);
    const both = await contributors('?filter.policyIds=clerk&filter.policyIds=baker');
    expect(idsOf(both)).toEqual([clerk.userId, baker.userId]);
    const south = await contributors('?filter.locationIds=south');
    expect(idsOf(south)).toEqual([site.owner.userId, baker.userId]);
  });

  it.each(['metadata', 'pagingMetadata'] as const)('pages by the cursor in %s', async (place) => {
    const { wix, site } = platform;
    wix.variants.contributorsPaging = place;
    wix.variants.contributorsPageSize = 2;
    const users = [site.owner, ...Array.from({ length: 5 }, () => site.addUser())];
    const found: string[] = [];
    let pages = 0;
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const { body } = await query(cursor === '' ? '' : `?paging.limit=50&paging.cursor=${cursor}`);
      found.push(...idsOf(body['contributors'] as Contributor[]));
      cursor = (body[place] as { cursors: { next?: string } }).cursors.next;
      pages += 1;
    }

    expect(pages).toBe(3);
    expect(found).toEqual(users.map(({ userId }) => userId));
  });

  it('refuses an invalid limit and an invalid cursor', async () => {
    expect((await query('?paging.limit=0')).status).toBe(400);
    expect((await query('?paging.cursor=abc')).status).toBe(400);
  });

  it('needs Manage Contributors, for the app and the user it acts for', async () => {
    const { wix, install, site } = platform;
    const limited = wix.mint.userToken(install, site.addUser(), { bound: false });
    const manager = wix.mint.userToken(install, site.addUser({ permissions: [CONTRIBUTORS] }), { bound: false });
    expect((await query('', limited)).status).toBe(403);
    expect((await query('', manager)).status).toBe(200);

    install.revoke(CONTRIBUTORS);
    const { status, body } = await query();
    expect(status).toBe(403);
    expect(body).toMatchObject({ details: { applicationError: { code: 'UNAUTHORIZED_OPERATION' } } });
  });
});
