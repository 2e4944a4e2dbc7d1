import { createVerify } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { runningConsole, type RunningConsole } from '../../../support/running-console.js';
import { untilTrue } from '../../../support/until-true.js';

let running: RunningConsole;
let bodies: string[];
let statuses: number[];

beforeEach(async () => {
  // A minute between the first two attempts becomes a millisecond.
  running = await runningConsole({ resendSpeed: 60_000 });
  bodies = [];
  statuses = [];
  running.answerWith((request, response) => {
    void textOf(request).then((text) => {
      bodies.push(text);
      response.writeHead(statuses.shift() ?? 200).end('taken');
    });
  });
});
afterEach(() => running.stop());

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}

const instanceId = () => running.program.scenario.install().instanceId;
const send = (body: object) => running.call('POST', 'events', { instanceId: instanceId(), ...body });

interface EventData {
  readonly id: string;
  readonly entityId: string;
  readonly entityEventSequence: string;
  readonly createdEvent: { readonly entity: { readonly id: string } };
}

function claimsOf(token: string) {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const isGenuine = createVerify('sha256')
    .update(`${head}.${payload}`)
    .verify(running.program.scenario.app().publicKey, signature, 'base64url');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly data: string };
  const envelope = JSON.parse(claims.data) as { readonly data: string; readonly identity: string };
  return { isGenuine, envelope, data: JSON.parse(envelope.data) as EventData };
}

describe('events', () => {
  it('are known with their group, entity and slug', async () => {
    const { json } = await running.call('GET', 'event-types');
    expect(json).toHaveLength(607);
    expect(json[0]).toEqual({ type: 'AppInstalled', group: 'app', entity: null, slug: 'AppInstalled' });
    expect(json).toContainEqual({
      type: 'wix.contacts.v4.contact_created',
      group: 'contacts',
      entity: 'wix.contacts.v4.contact',
      slug: 'created',
    });
    expect(json).toContainEqual({
      type: 'wix.ecom.v1.order_approved',
      group: 'ecom',
      entity: 'wix.ecom.v1.order',
      slug: 'approved',
    });
  });

  it('are signed and sent as Wix does, with data of a template', async () => {
    const type = 'wix.contacts.v4.contact_created';
    const { json: template } = await running.call('GET', `event-types/${type}?instanceId=${instanceId()}`);
    expect(template.data).toMatchObject({ entityFqdn: 'wix.contacts.v4.contact', slug: 'created' });
    const { json } = await send({ type, as: 'member' });
    expect(json).toMatchObject([
      { type, state: 'delivered', attempts: [{ number: 1, why: 'first', status: 200, late: false }] },
    ]);
    const { isGenuine, envelope, data } = claimsOf(bodies[0] ?? '');
    expect(isGenuine).toBe(true);
    expect(envelope).toMatchObject({ eventType: type, instanceId: instanceId() });
    expect(JSON.parse(envelope.identity)).toMatchObject({ identityType: 'MEMBER' });
    expect(data.createdEvent.entity.id).toBe(data.entityId);
  });

  it('that fail are resent, and show every attempt', async () => {
    statuses.push(500);
    const { json } = await send({ type: 'AppInstalled' });
    expect(json[0]).toMatchObject({ state: 'waiting', attempts: [{ status: 500, body: 'taken' }] });
    expect(json[0].nextAttemptAt).toBeGreaterThan(0);
    await untilTrue(async () => (await running.call('GET', 'deliveries')).json[0].state === 'delivered');
    const { json: all } = await running.call('GET', 'deliveries');
    expect(all[0].attempts).toMatchObject([
      { number: 1, why: 'first', status: 500 },
      { number: 2, why: 'resend', status: 200 },
    ]);
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('are resent or stopped manually', async () => {
    const other = await runningConsole({ resendSpeed: 0.001 });
    const sent = await other.call('POST', 'events', {
      instanceId: other.program.scenario.install().instanceId,
      type: 'AppRemoved',
    });
    const path = `deliveries/${String(sent.json[0].id)}`;
    expect(sent.json[0].state).toBe('waiting');
    other.answerWith((_request, response) => response.writeHead(200).end());
    expect((await other.call('POST', `${path}/resend`)).json).toMatchObject({
      state: 'delivered',
      attempts: [
        { why: 'first', status: 404 },
        { why: 'by-hand', status: 200 },
      ],
    });
    other.answerWith((_request, response) => response.writeHead(503).end());
    const again = await other.call('POST', 'events', {
      instanceId: other.program.scenario.install().instanceId,
      type: 'AppRemoved',
    });
    expect((await other.call('POST', `deliveries/${String(again.json[0].id)}/cancel`)).json).toMatchObject({
      state: 'canceled',
      nextAttemptAt: null,
    });
    expect((await other.call('DELETE', 'deliveries')).status).toBe(204);
    expect((await other.call('POST', `${path}/resend`)).status).toBe(404);
    await other.stop();
  });

  it('that are answered after 1,250 ms are late and count as failed', async () => {
    let release: (() => void) | undefined;
    running.answerWith((request, response) => {
      request.resume();
      release = () => response.writeHead(200).end();
    });
    const { json } = await send({ type: 'AppInstalled' });
    release?.();
    expect(json[0].attempts[0]).toMatchObject({ status: 0, late: true });
    expect(json[0].attempts[0].ms).toBeGreaterThanOrEqual(1_250);
    expect(json[0].state).toBe('waiting');
  });

  it('can arrive twice, and in another order', async () => {
    await send({ type: 'wix.contacts.v4.contact_updated', duplicates: 1 });
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(bodies[1]);
    bodies.length = 0;
    await send({ type: 'wix.contacts.v4.contact_updated', times: 3, order: 'descending' });
    const data = bodies.map((body) => claimsOf(body).data);
    expect(data.map(({ entityEventSequence }) => entityEventSequence)).toEqual(['3', '2', '1']);
    expect(new Set(data.map(({ id }) => id)).size).toBe(3);
    expect(new Set(data.map(({ entityId }) => entityId)).size).toBe(1);
  });

  it('can be signed with a wrong key', async () => {
    const { json } = await send({ type: 'AppInstalled', forgery: 'another-key' });
    expect(json[0].forgery).toBe('another-key');
    expect(claimsOf(bodies[0] ?? '').isGenuine).toBe(false);
  });

  it('that fail appear on the overview', async () => {
    statuses.push(...Array.from({ length: 20 }, () => 500));
    await send({ type: 'AppInstalled' });
    const { json } = await running.call('GET', 'overview');
    expect(json.apps[0].connection.checks).toContainEqual(expect.objectContaining({ id: 'webhook', state: 'no' }));
  });
});

describe('service plugins', () => {
  it('are called at their paths, and show the answer with its error code', async () => {
    const { json: methods } = await running.call('GET', 'plugins');
    expect(methods).toHaveLength(55);
    running.answerWith((request, response) => {
      request.resume();
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ applicationError: { code: 'MISSING_POSTAL_CODE' }, at: request.url }));
    });
    const call = { instanceId: instanceId(), plugin: 'ECOM_SHIPPING_RATES', method: 'getShippingRates' };
    const { json } = await running.call('POST', 'plugins', call);
    expect(json).toMatchObject({
      status: 400,
      errorCode: 'MISSING_POSTAL_CODE',
      url: `${running.appUrl}/plugins/v1/getRates`,
    });
    expect((await running.call('POST', 'plugins', { ...call, method: 'none' })).status).toBe(404);
    expect((await running.call('POST', 'plugins', { ...call, path: '//evil.example/x' })).status).toBe(400);
  });
});
