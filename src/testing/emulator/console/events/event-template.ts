import { randomUUID } from 'node:crypto';

import { domainEvent } from '../../webhooks/event.js';
import type { EmulatedInstall } from '../../world/emulated-install.js';
import { eventTypeOf } from './event-types.js';

type Data = Readonly<Record<string, unknown>>;

/** What an event of a type would say about this installation: to edit, or to send as it is. */
export function eventTemplate(type: string, install: EmulatedInstall, nowMs: number): Data {
  const { entity: fqdn, slug } = eventTypeOf(type);
  if (fqdn === null) return flatData(type, install, nowMs);
  const entity = entityOf(fqdn, install, nowMs);
  const eventTime = new Date(nowMs);
  return { ...domainEvent({ fqdn, slug, entity, entityId: entity.id, eventTime }).data };
}

/** The same data as another event: with its own id, and `index` places later among those of its entity. */
export function asAnotherEvent(data: Data, index: number): Data {
  if (typeof data['id'] !== 'string' || data['entityFqdn'] === undefined) return data;
  const sequence = Number(data['entityEventSequence'] ?? 1) + index;
  return { ...data, id: index === 0 ? data['id'] : randomUUID(), entityEventSequence: String(sequence) };
}

function flatData(type: string, install: EmulatedInstall, nowMs: number): Data {
  const { app, originInstanceId, plan } = install;
  switch (type) {
    case 'AppInstalled':
      return { appId: app.appId, ...(originInstanceId !== undefined && { originInstanceId }) };
    case 'AppRemoved':
      return { appId: app.appId };
    case 'InvoiceStatusUpdated':
      return { status: 'PAID', invoiceId: randomUUID(), instanceId: install.instanceId, recurring: true };
    case 'PaidPlanAutoRenewalCancelled':
      return { ...planFields(plan, nowMs), cancelledDuringFreeTrial: 'NOT_DURING_FREE_TRIAL' };
    case 'PaidPlanChanged':
      return { ...planFields(plan, nowMs), previousVendorProductId: 'free', previousCycle: 'MONTHLY' };
    case 'PaidPlanPurchased':
    case 'PlanConvertedToPaid':
    case 'PlanReactivated':
    case 'PlanTransferred':
      return planFields(plan, nowMs);
    default:
      return { id: randomUUID() };
  }
}

const planFields = (plan: string | undefined, nowMs: number): Data => ({
  operationTimeStamp: new Date(nowMs).toISOString(),
  vendorProductId: plan ?? 'basic',
  cycle: 'MONTHLY',
});

// What the site has, where the emulator has such things; else what every entity has.
function entityOf(fqdn: string, { site }: EmulatedInstall, nowMs: number): { readonly id: string } {
  const now = new Date(nowMs).toISOString();
  const made = { id: randomUUID(), revision: '1', createdDate: now, updatedDate: now };
  if (fqdn.startsWith('wix.stores.') && fqdn.endsWith('.product')) return site.products[0] ?? made;
  if (fqdn.startsWith('wix.contacts.') && fqdn.endsWith('.contact')) return site.contacts[0] ?? made;
  return made;
}
