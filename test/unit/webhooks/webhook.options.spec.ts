import { webhookSettings } from '../../../src/webhooks/webhook.options.js';
import { errorOf } from '../../support/code-of.js';

describe('webhookSettings', () => {
  it('has defaults for everything', () => {
    expect(webhookSettings()).toEqual({
      path: 'wix/webhooks',
      controller: true,
      mode: 'certain',
      maxBodyBytes: 1_048_576,
      decorators: [],
    });
  });

  it('names every problem', async () => {
    const wrong = { path: 'a/:b', mode: 'fast' as 'certain', maxBodyBytes: 0 };
    const error = await errorOf(() => webhookSettings(wrong));
    expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
    expect(error?.message).toMatch(/path.*mode.*maxBodyBytes/);
  });
});
