import type { WixUserIdentity } from '../../../../src/core/identities/wix-identity.js';
import { ContributorUserGrants, type UserRoleMap } from '../../../../src/grants/users/contributor-user-grants.js';
import { ContributorsEndpoint } from '../../../../src/grants/users/contributors.endpoint.js';
import type { WixHeldScopes } from '../../../../src/grants/users/user-grants.js';
import { APP_ID, INSTANCE, USER_ID } from '../../../support/app.js';
import { MintingWix, appQuestions } from '../../../support/app-requests.js';
import { FakeClock } from '../../../support/fake-clock.js';
import type { WireAnswer } from '../../../support/scripted-wix.js';

const user = (isSiteOwner: boolean): WixUserIdentity => ({
  type: 'user',
  appId: APP_ID,
  instanceId: INSTANCE,
  credentialType: 'access-token',
  expiresAt: new Date(),
  userId: USER_ID,
  isSiteOwner,
});

describe('ContributorUserGrants', () => {
  let wix: MintingWix;
  const roles: UserRoleMap = new Map<string, '*' | readonly string[]>([
    ['admin', '*'],
    ['editor', ['SCOPE.A', 'SCOPE.B']],
    ['viewer', ['SCOPE.C']],
    ['guest', []],
  ]);

  const holdingsAfter = (answer: WireAnswer, isSiteOwner = false): Promise<WixHeldScopes> => {
    wix = new MintingWix(() => answer);
    return new ContributorUserGrants(new ContributorsEndpoint(appQuestions(wix, new FakeClock())), roles).of(
      user(isSiteOwner),
    );
  };
  const holdingsOf = (...held: string[]): Promise<WixHeldScopes> => {
    const assignments = held.map((policyId) => ({ policy: { policyId } }));
    return holdingsAfter({ body: { contributors: [{ id: USER_ID, metaData: { assignments } }] } });
  };

  it('lets the owner hold what the app holds, without a request', async () => {
    expect(await holdingsAfter({ status: 500 }, true)).toEqual({ scopes: '*' });
    expect(wix.requests).toHaveLength(0);
  });

  it("maps a user's roles, all of them together", async () => {
    expect(await holdingsOf('editor')).toMatchObject({ scopes: ['SCOPE.A', 'SCOPE.B'] });
    expect(await holdingsOf('viewer', 'editor')).toMatchObject({ scopes: ['SCOPE.C', 'SCOPE.A', 'SCOPE.B'] });
    expect(await holdingsOf('viewer', 'admin')).toEqual({ scopes: '*' });
  });

  it('grants nothing for a role that is not mapped, and says which to map', async () => {
    const holdings = await holdingsOf('6600344420111308827', 'editor');

    expect(holdings.scopes).toEqual(['SCOPE.A', 'SCOPE.B']);
    expect(holdings.hint).toContain('6600344420111308827');
    expect(holdings.hint).toContain('grants.userRoles');
    expect(holdings.hint).not.toContain('editor');
  });

  it.each(['constructor', '__proto__', 'toString'])('maps no role called %j by accident', async (role) => {
    expect(await holdingsOf(role)).toMatchObject({ scopes: [] });
  });

  it('says so when all roles are mapped to other scopes, or to nothing', async () => {
    expect((await holdingsOf('viewer', 'guest')).hint).toContain('viewer, guest');
  });

  it('grants an unknown user nothing', async () => {
    const holdings = await holdingsAfter({ body: { contributors: [] } });

    expect(holdings.scopes).toEqual([]);
    expect(holdings.hint).toContain('no role');
  });

  it.each<WireAnswer>([{ status: 403 }, { status: 403, body: { message: 'no' } }])(
    'names the scope the app needs, and the port, when it lacks permission (%j)',
    async (answer) => {
      const holdings = await holdingsAfter(answer);

      expect(holdings.scopes).toEqual([]);
      expect(holdings.hint).toContain('SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS');
      expect(holdings.hint).toContain('UserGrants');
    },
  );

  it('bounds and sanitizes the name of a role before it appears in a message', async () => {
    const { hint } = await holdingsOf(
      'evil\r\nX-Header: 1',
      ...Array.from({ length: 500 }, (_none, index) => `role${String(index)}`),
    );

    expect(hint).toMatch(/^[\x20-\x7e]+$/);
    expect(hint?.length).toBeLessThan(1_000);
  });
});
