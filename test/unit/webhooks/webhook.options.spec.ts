import { webhookSettings } from '../../../src/webhooks/webhook.options.js';

describe('webhookSettings', () => {
  it('has defaults for everything', () => {
    expect(webhookSettings()).toEqual({
      path: 'wix/webhooks',
      controller: true,
      mode: 'certain',
      maxBodyBytes: 1_048_576,
      maxDepth: 100,
      decorators: [],
    });
  });
});
