import { INSTANCE } from '../../support/app.js';
import { MintingWix, appQuestions } from '../../support/app-requests.js';
import { codeOf } from '../../support/code-of.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('AppRequests', () => {
  it("sends the app's token unchanged", async () => {
    const wix = new MintingWix(() => ({ body: { good: true } }));
    const answer = await appQuestions(wix, new FakeClock()).get(INSTANCE, '/apps/v1/instance');

    expect(answer.body).toEqual({ good: true });
    expect(wix.to('/apps/v1/instance')).toMatchObject([{ method: 'GET', authorization: 'token 1' }]);
  });

  it('repeats a request when the response is lost', async () => {
    const answers = ['ECONNRESET', { body: { good: true } }];
    const wix = new MintingWix(() => answers.shift() ?? { status: 500 });
    const answer = await appQuestions(wix, new FakeClock()).get(INSTANCE, '/apps/v1/instance');

    expect(answer.body).toEqual({ good: true });
    expect(wix.to('/apps/v1/instance')).toHaveLength(2);
  });

  it('posts by the same rules, and does not repeat what may have been done', async () => {
    const wix = new MintingWix(({ authorization }) => (authorization === 'token 1' ? { status: 401 } : 'ECONNRESET'));
    const requests = appQuestions(wix, new FakeClock());

    expect(await codeOf(() => requests.post(INSTANCE, '/path', { done: 1 }))).toBe('WIX_UNAVAILABLE');
    expect(wix.to('/path').map(({ method, body }) => [method, body])).toEqual([
      ['POST', { done: 1 }],
      ['POST', { done: 1 }],
    ]);
  });

  it('replaces a token that Wix no longer accepts, once', async () => {
    const wix = new MintingWix(({ authorization }) => (authorization === 'token 1' ? { status: 401 } : { body: {} }));
    const requests = appQuestions(wix, new FakeClock());

    expect(await requests.get(INSTANCE, '/path')).toMatchObject({ status: 200 });
    expect(await requests.get(INSTANCE, '/path')).toMatchObject({ status: 200 });
    expect(wix.to('/path').map(({ authorization }) => authorization)).toEqual(['token 1', 'token 2', 'token 2']);
  });

  it('passes on a 401 that a new token does not fix, without another attempt', async () => {
    const wix = new MintingWix(() => ({ status: 401, body: { message: 'No Metasite Context in identity.' } }));

    expect(await appQuestions(wix, new FakeClock()).get(INSTANCE, '/path')).toMatchObject({ status: 401 });
    expect(wix.requests).toHaveLength(4);
  });

  it('does not mint repeatedly for a 401 with another cause', async () => {
    const wix = new MintingWix(() => ({ status: 401 }));
    const requests = appQuestions(wix, new FakeClock());
    for (let request = 0; request < 20; request += 1) await requests.get(INSTANCE, '/path');

    expect(wix.to('/oauth2/token')).toHaveLength(2);
  });

  it('replaces such a token again after a minute', async () => {
    const clock = new FakeClock();
    const wix = new MintingWix(({ authorization }) => ({ status: authorization === 'token 3' ? 200 : 401 }));
    const requests = appQuestions(wix, clock);
    await requests.get(INSTANCE, '/path');
    clock.advance(60_000);

    expect(await requests.get(INSTANCE, '/path')).toMatchObject({ status: 200 });
    expect(wix.to('/oauth2/token')).toHaveLength(3);
  });
});
