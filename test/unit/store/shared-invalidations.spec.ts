import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { AppCredentials } from '../../../src/core/app-credentials.js';
import type { JsonObject } from '../../../src/core/values/json.js';
import { SharedInvalidations } from '../../../src/store/shared-invalidations.js';
import { API_URL, APP_SECRET, INSTANCE_TEXT, OLD_SECRET, OTHER_APP_ID, app } from '../../support/app.js';
import { RecordingInvalidationBus } from '../../support/recording-invalidation-bus.js';

describe('SharedInvalidations', () => {
  const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  let invalidationBus: RecordingInvalidationBus;
  let heard: unknown[];
  let teller: SharedInvalidations;

  const listening = (credentials = app(), apiUrl = API_URL): SharedInvalidations => {
    const invalidations = new SharedInvalidations(invalidationBus, credentials, apiUrl);
    invalidations.onModuleInit();
    invalidations.on('topic', (body: JsonObject, when) => heard.push([body, when]));
    return invalidations;
  };

  beforeEach(() => {
    invalidationBus = new RecordingInvalidationBus();
    heard = [];
    teller = new SharedInvalidations(invalidationBus, app(), API_URL);
    teller.onModuleInit();
    teller.on('topic', () => heard.push('by the one who told'));
  });

  afterAll(() => warnings.mockRestore());

  it('reaches all others, and not its publisher', async () => {
    listening();
    listening();
    await teller.publish('topic', { id: 1 });

    expect(heard).toEqual(Array(2).fill([{ id: 1 }, 'now']));
  });

  it('takes effect once, although a message is written again thirty times', async () => {
    listening();
    await teller.publish('topic', { id: 1 });
    const [{ channel, message } = { channel: '', message: '' }] = invalidationBus.told;
    for (let count = 0; count < 30; count += 1) invalidationBus.tell(channel, message);

    expect(heard).toEqual([[{ id: 1 }, 'now']]);
  });

  it('ignores what was captured long ago, even in a process that has just started', async () => {
    await teller.publish('topic', { id: 1 });
    const [{ channel, message } = { channel: '', message: '' }] = invalidationBus.told;
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 26 * 3_600_000);
    listening();
    invalidationBus.tell(channel, message);
    now.mockRestore();

    expect(heard).toEqual([]);
  });

  it('is matched by topic', async () => {
    listening();
    await teller.publish('another topic', { id: 1 });

    expect(heard).toEqual([]);
  });

  it('reveals nothing to others who read the channel', async () => {
    await teller.publish('topic', { instanceId: INSTANCE_TEXT });
    const [{ channel, message } = { channel: '', message: '' }] = invalidationBus.told;
    const read = channel + message + Buffer.from(message, 'base64url').toString('latin1');

    for (const secret of [INSTANCE_TEXT, 'topic', APP_SECRET]) expect(read).not.toContain(secret);
  });

  it.each(['', 'nonsense', JSON.stringify({ topic: 'topic', body: {} })])(
    'ignores %j, which was not published',
    async (forged) => {
      listening();
      await teller.publish('topic', { id: 1 });
      invalidationBus.tell(invalidationBus.told[0]?.channel ?? '', forged);

      expect(heard).toEqual([[{ id: 1 }, 'now']]);
    },
  );

  it('ignores messages of another app, another environment or another secret', async () => {
    listening(new AppCredentials(OTHER_APP_ID, [APP_SECRET]));
    listening(app(), 'https://elsewhere.test');
    listening(app(OLD_SECRET));
    await teller.publish('topic', { id: 1 });
    const [{ message } = { message: '' }] = invalidationBus.told;
    await new SharedInvalidations(invalidationBus, app(OLD_SECRET), API_URL).publish('topic', { id: 2 });
    heard = [];
    // A good message, moved to the channel of others.
    invalidationBus.tell(invalidationBus.told.at(-1)?.channel ?? '', message);

    expect(heard).toEqual([]);
  });

  it('carries its age', async () => {
    await teller.publish('topic', { id: 1 });
    listening();
    invalidationBus.repeat('earlier');

    expect(heard).toEqual([[{ id: 1 }, 'earlier']]);
  });

  it('reaches all processes during a rotation of the secret', async () => {
    listening(app(OLD_SECRET));
    listening(app(APP_SECRET));
    const rotating = new SharedInvalidations(invalidationBus, app(APP_SECRET, OLD_SECRET), API_URL);
    await rotating.publish('topic', { id: 1 });
    // The one who told before has the new secret only.
    expect(heard).toEqual(['by the one who told', ...Array<unknown>(2).fill([{ id: 1 }, 'now'])]);

    heard = [];
    listening(app(APP_SECRET, OLD_SECRET));
    await new SharedInvalidations(invalidationBus, app(OLD_SECRET), API_URL).publish('topic', { id: 2 });
    expect(heard).toEqual(Array(2).fill([{ id: 2 }, 'now']));
  });

  it('is published as soon as that is possible again, however often it failed', async () => {
    listening();
    invalidationBus.isFailing = true;
    for (let attempt = 0; attempt < 5; attempt += 1) await teller.publish('topic', { id: attempt });
    invalidationBus.isFailing = false;
    await teller.publish('topic', { id: 5 });

    expect(heard).toEqual([[{ id: 5 }, 'now']]);
  });

  it('never fails', async () => {
    invalidationBus.isFailing = true;

    await expect(teller.publish('topic', {})).resolves.toBeUndefined();
  });
});
