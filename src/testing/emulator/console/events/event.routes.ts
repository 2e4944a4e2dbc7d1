import type { ScenarioPerson } from '../../scenario/scenario-people.js';
import type { EmulatedEventIdentity } from '../../webhooks/event.js';
import type { DeliveryView, EventTemplate, SendEvent } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { ApiRefusal, param, queryParam, type ApiCall, type ApiRoute } from '../http/api-route.js';
import { installById, personOn } from '../people/lookups.js';
import type { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery.js';
import { asAnotherEvent, eventTemplate } from './event-template.js';
import { knownEventTypes } from './event-types.js';
import { forgerySchema } from './forgeries.js';

const text = { type: 'string' } as const;

/** The Events page. */
export const eventRoutes = (context: ConsoleContext, deliveries: Deliveries): readonly ApiRoute[] => [
  { method: 'GET', path: 'event-types', handle: () => knownEventTypes },
  { method: 'GET', path: 'event-types/:type', handle: (call) => templateFor(context, call) },
  {
    method: 'POST',
    path: 'events',
    body: {
      type: 'object',
      required: ['instanceId', 'type'],
      properties: {
        instanceId: text,
        type: { type: 'string', pattern: '^[\\w.-]+$', title: "an event's type" },
        data: { type: 'object' },
        times: { type: 'integer', minimum: 1, maximum: 100 },
        duplicates: { type: 'integer', minimum: 0, maximum: 100 },
        order: { enum: ['ascending', 'descending'] },
        forgery: forgerySchema,
        as: { type: ['string', 'null'] },
      },
      additionalProperties: false,
    },
    handle: ({ body }) => sendEvents(context, deliveries, body as SendEvent),
  },
  { method: 'GET', path: 'deliveries', handle: () => deliveries.all.map(({ view }) => view) },
  { method: 'DELETE', path: 'deliveries', handle: () => deliveries.clear() },
  {
    method: 'POST',
    path: 'deliveries/:id/resend',
    handle: async (call) => {
      const delivery = deliveryOf(deliveries, call);
      await delivery.attempt('by-hand');
      return delivery.view;
    },
  },
  {
    method: 'POST',
    path: 'deliveries/:id/cancel',
    handle: (call) => {
      const delivery = deliveryOf(deliveries, call);
      delivery.cancel();
      return delivery.view;
    },
  },
];

function templateFor(context: ConsoleContext, call: ApiCall): EventTemplate {
  const install = installById(context, queryParam(call, 'instanceId'));
  const type = param(call, 'type');
  return { type, data: eventTemplate(type, install, context.parts.platform.now()) };
}

async function sendEvents(
  context: ConsoleContext,
  deliveries: Deliveries,
  event: SendEvent,
): Promise<readonly DeliveryView[]> {
  const { type, times = 1, duplicates, forgery, as = null } = event;
  const install = installById(context, event.instanceId);
  const data = event.data ?? eventTemplate(type, install, context.parts.platform.now());
  const identity = as === null ? undefined : identityOf(personOn(context, install, as));
  const all = Array.from({ length: times }, (_, index) => asAnotherEvent(data, index));
  const sent: DeliveryView[] = [];
  for (const one of event.order === 'descending' ? all.toReversed() : all) {
    sent.push(await deliveries.send(install, { type, data: one, identity, forgery, duplicates }));
  }
  return sent;
}

function identityOf(person: ScenarioPerson): EmulatedEventIdentity {
  switch (person.kind) {
    case 'user':
      return { identityType: 'WIX_USER', wixUserId: person.user.userId };
    case 'member':
      return { identityType: 'MEMBER', memberId: person.member.memberId };
    case 'visitor':
      return { identityType: 'ANONYMOUS_VISITOR', anonymousVisitorId: person.visitor.visitorId };
  }
}

function deliveryOf(deliveries: Deliveries, call: ApiCall): Delivery {
  const delivery = deliveries.find(Number(param(call, 'id')));
  if (!delivery) throw new ApiRefusal(404, 'There is no such delivery.');
  return delivery;
}
