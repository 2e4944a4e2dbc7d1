import { jest } from '@jest/globals';

import { AppInstanceEndpoint } from '../../../../src/grants/instances/app-instance.endpoint.js';
import { INSTANCE, OTHER_INSTANCE } from '../../../support/app.js';
import { MintingWix, appQuestions } from '../../../support/app-requests.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';
import type { WireAnswer } from '../../../support/scripted-wix.js';

const PAGE = '<html></html>';

describe('AppInstanceEndpoint', () => {
  const permissionsIn = async (answer: WireAnswer | string): Promise<readonly string[]> => {
    const endpoint = new AppInstanceEndpoint(appQuestions(new MintingWix(() => answer), new FakeClock()));
    return [...(await endpoint.of(INSTANCE)).grants.ids];
  };

  const codeAfter = async (answer: WireAnswer | string): Promise<unknown> => {
    jest.useFakeTimers();
    const code = codeOf(() => permissionsIn(answer));
    await jest.advanceTimersByTimeAsync(10_000);
    jest.useRealTimers();
    return code;
  };

  it.each([
    ['scope ids', ['SCOPE.DC-BLOG.READ-BLOGS']],
    ['permission ids', ['WIX_STORES.READ_INVENTORY', 'BLOG.CREATE-DRAFT']],
    ['nothing', []],
  ])('lists %s', async (_what, permissions) => {
    expect(await permissionsIn({ body: { instance: { permissions }, site: {} } })).toEqual(permissions);
  });

  it.each([{}, { permissions: null }, { permissions: 'SCOPE.DC-BLOG.READ-BLOGS' }, { permissions: [7, null, {}] }])(
    'lists nothing where the instance is %j',
    async (instance) => {
      expect(await permissionsIn({ body: { instance } })).toEqual([]);
    },
  );

  it.each([undefined, null, INSTANCE, INSTANCE.toUpperCase()])(
    'accepts an answer that names %j',
    async (instanceId) => {
      const instance = { instanceId, permissions: ['A'] };
      expect(await permissionsIn({ body: { instance } })).toEqual(['A']);
    },
  );

  it('reports that the app is not installed there', async () => {
    expect(await codeAfter({ status: 404, body: { message: 'not found', details: {} } })).toBe('WIX_INSTANCE_UNKNOWN');
  });

  it.each<[string, WireAnswer | string]>([
    ['{}', { body: {} }],
    ['an instance that is none', { body: { instance: null } }],
    ['an instance that is a text', { body: { instance: 'text' } }],
    ['another installation', { body: { instance: { instanceId: OTHER_INSTANCE, permissions: ['A'] } } }],
    ['an instanceId that is no text', { body: { instance: { instanceId: [INSTANCE], permissions: ['A'] } } }],
    ['HTML', { body: PAGE }],
    ['nothing', {}],
    ['401', { status: 401, body: { message: 'No Metasite Context in identity.' } }],
    ['403', { status: 403, body: { message: 'no' } }],
    ['a 404 page', { status: 404, body: PAGE }],
    ['429', { status: 429 }],
    ['500', { status: 500 }],
    ['a broken connection', 'ECONNRESET'],
  ])('fails as unavailable after %s', async (_what, answer) => {
    expect(await codeAfter(answer)).toBe('WIX_UNAVAILABLE');
  });
});
