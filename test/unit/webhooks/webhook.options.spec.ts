import { webhookSettings } from '../../../src/webhooks/webhook.options.js';

describe('webhookSettings', () => {
  it('has defaults for everything', () => {
    expect(webhookSettings()).toEqual({
      path: 'wix/webhooks',
      controller: true,
      mode: 'certain',
      queue: { work: true, concurrency: 10, attempts: 16, firstRetryMs: 1_000, maxRetryMs: 3_600_000 },
      maxBodyBytes: 1_048_576,
      maxDepth: 100,
      decorators: [],
    });
  });
});
