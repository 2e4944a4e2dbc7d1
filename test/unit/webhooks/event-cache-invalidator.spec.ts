import type { WixInstanceId } from '../../../src/core/identities/wix-instance-id.js';
import type { WixGrantsService } from '../../../src/grants/wix-grants.service.js';
import type { WixPlansService } from '../../../src/grants/plans/wix-plans.service.js';
import type { WixIdentityService } from '../../../src/identity/wix-identity.service.js';
import type { WixTokenService } from '../../../src/tokens/wix-token.service.js';
import { EventCacheInvalidator } from '../../../src/webhooks/event-cache-invalidator.js';
import type { WixDomainEvent } from '../../../src/webhooks/events/wix-event.js';
import { INSTANCE } from '../../support/app.js';

const event = (type: string, atMs: number, more: Partial<WixDomainEvent> = {}): WixDomainEvent => ({
  type,
  instanceId: INSTANCE,
  issuedAt: new Date(atMs),
  ...more,
});

describe('EventCacheInvalidator', () => {
  let calls: string[];
  let invalidator: EventCacheInvalidator;
  const records = (name: string) => (_instanceId: WixInstanceId, atMs?: number) => {
    calls.push(atMs === undefined ? name : `${name} ${atMs}`);
    return Promise.resolve();
  };

  beforeEach(() => {
    calls = [];
    const tokens: Pick<WixTokenService, 'forget'> = { forget: () => Promise.resolve(void calls.push('tokens')) };
    const identities = { forget: records('identities'), refuseSignedBefore: records('signed before') };
    const grants: Pick<WixGrantsService, 'forget'> = { forget: records('grants') };
    invalidator = new EventCacheInvalidator(
      tokens as WixTokenService,
      identities as unknown as WixIdentityService,
      grants as WixGrantsService,
      { changed: records('plan') } as unknown as WixPlansService,
    );
  });
  const everything = ['grants', 'identities', 'tokens'];
  const planAndGrants = ['identities', 'grants'];

  it('drops everything when the app is removed, and refuses what was signed before', async () => {
    await invalidator.notice(event('AppRemoved', 5));
    expect(calls).toEqual(['signed before 1005', 'plan 1005', ...everything]);
  });

  it('drops everything, refusals too, when the app is installed', async () => {
    await invalidator.notice(event('AppInstalled', 5));
    expect(calls).toEqual(['plan 1005', ...everything]);
  });

  it('drops nothing for a removal that is older than the last install', async () => {
    await invalidator.notice(event('AppInstalled', 10));
    await invalidator.notice(event('AppInstalled', 3));
    calls = [];
    await invalidator.notice(event('AppRemoved', 9));
    expect(calls).toEqual([]);
    await invalidator.notice(event('AppRemoved', 11));
    expect(calls).toEqual(['signed before 1011', 'plan 1011', ...everything]);
  });

  describe('reads an App Installation', () => {
    const installation = (slug: string, atMs: number, status?: string) =>
      event(`wix.app.installations.v1.app_installation_${slug}`, atMs + 2, {
        ...(status !== undefined && { entity: { status } }),
        eventTime: new Date(atMs),
      });

    it.each([
      ['updated', 'UNINSTALLED'],
      ['deleted', undefined],
    ])('%s (%s) as a removal, at the time it happened', async (slug, status) => {
      await invalidator.notice(installation(slug, 7, status));
      expect(calls).toEqual(['signed before 7', 'plan 7', ...everything]);
    });

    it.each([
      ['created', 'INSTALLED'],
      ['updated', 'INSTALLED'],
    ])('%s (%s) as an installation, which an earlier removal does not undo', async (slug, status) => {
      await invalidator.notice(installation(slug, 7, status));
      expect(calls).toEqual(['plan 7', ...everything]);
      calls = [];
      await invalidator.notice(installation('updated', 6, 'UNINSTALLED'));
      expect(calls).toEqual([]);
    });

    it('updated without a status as a change of the plan', async () => {
      await invalidator.notice(installation('updated', 7));
      expect(calls).toEqual(['plan 7', ...planAndGrants]);
    });

    it('of another name as nothing', async () => {
      await invalidator.notice(event('wix.app_market.v1.app_installation_updated', 5));
      await invalidator.notice(installation('reviewed', 7, 'UNINSTALLED'));
      expect(calls).toEqual([]);
    });
  });

  it.each(['PaidPlanPurchased', 'PaidPlanAutoRenewalCancelled', 'PlanConvertedToPaid', 'InvoiceStatusUpdated'])(
    'drops the plan, the identities that name it and the grants after %s',
    async (type) => {
      await invalidator.notice(event(type, 5));
      expect(calls).toEqual(['plan 1005', ...planAndGrants]);
    },
  );

  it('drops the grants after an event about permissions', async () => {
    await invalidator.notice(event('wix.devcenter.apps.v1.app_permission_created', 5));
    expect(calls).toEqual(['grants']);
  });

  it('does nothing for other events', async () => {
    await invalidator.notice(event('wix.contacts.v4.contact_created', 5));
    expect(calls).toEqual([]);
  });
});
