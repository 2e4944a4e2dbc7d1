import { WixInstances } from '../../../../src/grants/instances/wix-instances.js';
import { INSTANCE, INSTANCE_TEXT, SITE_ID } from '../../../support/app.js';
import { MintingWix, appQuestions } from '../../../support/app-requests.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { MapTokenStore } from '../../../support/map-token-store.js';
import { sharingBy } from '../../../support/sharing.js';

const PATH = '/apps/v1/instance';

const newsOf = (clock: FakeClock) => sharingBy(new MapTokenStore(), clock).invalidations;

describe('WixInstances', () => {
  let clock: FakeClock;
  let wix: MintingWix;
  let instances: WixInstances;

  beforeEach(() => {
    clock = new FakeClock();
    wix = new MintingWix(() => ({ body: { instance: { instanceId: INSTANCE_TEXT } } }));
    instances = new WixInstances(appQuestions(wix, clock), newsOf(clock), clock, { ttlMs: 1_000 });
  });

  it('reads what Wix says of an installation', async () => {
    const billing = {
      packageName: 'pro',
      billingCycle: 'MONTHLY',
      expirationDate: '2027-01-01T00:00:00Z',
      autoRenewing: true,
    };
    const instance = {
      instanceId: INSTANCE_TEXT.toUpperCase(),
      appName: 'App',
      isFree: false,
      permissions: ['A', 7],
      billing,
    };
    const site = {
      siteId: SITE_ID,
      siteDisplayName: 'Site',
      url: 'https://site.test',
      ownerInfo: { email: 'o@site.test' },
    };
    wix.answers(() => ({ body: { instance, site } }));

    expect(await instances.of(INSTANCE)).toMatchObject({
      instanceId: INSTANCE_TEXT,
      appName: 'App',
      isFree: false,
      permissions: ['A'],
      plan: { ...billing, expirationDate: new Date('2027-01-01T00:00:00Z') },
      site: { siteId: SITE_ID, displayName: 'Site', url: 'https://site.test', ownerEmail: 'o@site.test' },
    });
  });

  it('leaves undefined what Wix leaves out or writes unreadably', async () => {
    const billing = { expirationDate: 'never', autoRenewing: 'yes' };
    wix.answers(() => ({ body: { instance: { instanceId: INSTANCE_TEXT, isFree: 'no', billing }, site: null } }));

    expect(await instances.of(INSTANCE)).toMatchObject({
      isFree: undefined,
      permissions: [],
      plan: { expirationDate: undefined, autoRenewing: undefined },
      site: { siteId: undefined },
    });
  });

  it('keeps it for a while, and asks anew where that is wanted or it was forgotten', async () => {
    await instances.of(INSTANCE);
    await instances.of(INSTANCE);
    expect(wix.to(PATH)).toHaveLength(1);
    await instances.now(INSTANCE);
    expect(wix.to(PATH)).toHaveLength(2);
    await instances.forget(INSTANCE);
    await instances.of(INSTANCE);
    expect(wix.to(PATH)).toHaveLength(3);
    clock.advance(1_001);
    await instances.of(INSTANCE);

    expect(wix.to(PATH)).toHaveLength(4);
  });

  it.each([
    ['WIX_INSTANCE_UNKNOWN', { status: 404, body: { message: 'not found' } }],
    ['WIX_UNAVAILABLE', { status: 404, body: '<html></html>' }],
    ['WIX_UNAVAILABLE', { status: 403, body: { message: 'no' } }],
    ['WIX_UNAVAILABLE', { body: {} }],
    ['WIX_UNAVAILABLE', { body: { instance: { appName: 'no id' } } }],
  ])('answers %s after %j', async (code, answer) => {
    wix.answers(() => answer);

    expect(await codeOf(() => instances.of(INSTANCE))).toBe(code);
  });
});
