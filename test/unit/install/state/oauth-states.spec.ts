import { bindingCookies, isSameBrowser } from '../../../../src/install/http/install-cookies.js';
import { OAuthStates } from '../../../../src/install/state/oauth-states.js';
import { InstallRequest } from '../../../../src/install/http/install-request.js';
import { APP_SECRET, OLD_SECRET, app } from '../../../support/app.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';

const MINUTE_MS = 60_000;

describe('OAuthStates', () => {
  let clock: FakeClock;
  const oauthStates = (...secrets: [string, ...string[]] | []) => new OAuthStates(app(...secrets), clock);
  const request = (cookie = '') => new InstallRequest({ url: '/', headers: { cookie } });

  beforeEach(() => {
    clock = new FakeClock();
  });

  it('opens a state that it made, with the page to return to', () => {
    const { state, oauthState } = oauthStates().issue('external', '/welcome');
    expect(oauthStates().open(state, 'external')).toEqual(oauthState);
    expect(oauthState.returnTo).toBe('/welcome');
  });

  it.each([
    ['custom-authentication', 10],
    ['external', 30],
  ] as const)('lets an OAuth state of %s live %i minutes', async (flow, minutes) => {
    const { state } = oauthStates().issue(flow, undefined);
    clock.advance(minutes * MINUTE_MS - 1);
    expect(oauthStates().open(state, flow).flow).toBe(flow);
    clock.advance(1);
    expect(await codeOf(() => oauthStates().open(state, flow))).toBe('WIX_INSTALL_STATE_EXPIRED');
  });

  it('opens no OAuth state at the callback of the other flow', async () => {
    const { state } = oauthStates().issue('external', undefined);
    expect(await codeOf(() => oauthStates().open(state, 'custom-authentication'))).toBe('WIX_INSTALL_WRONG_CALLBACK');
  });

  it('opens OAuth states from before a rotation of the secret, and none of a foreign secret', async () => {
    const { state } = oauthStates(OLD_SECRET).issue('external', undefined);
    expect(oauthStates(APP_SECRET, OLD_SECRET).open(state, 'external')).toBeDefined();
    expect(await codeOf(() => oauthStates(APP_SECRET).open(state, 'external'))).toBe('WIX_INSTALL_STATE_REJECTED');
  });

  it('opens no OAuth state that differs by any character', async () => {
    const { state } = oauthStates().issue('external', undefined);
    for (let index = 0; index < state.length; index += 1) {
      const other = state[index] === 'A' ? 'B' : 'A';
      const altered = state.slice(0, index) + other + state.slice(index + 1);
      expect(await codeOf(() => oauthStates().open(altered, 'external'))).toBe('WIX_INSTALL_STATE_REJECTED');
    }
    expect(await codeOf(() => oauthStates().open('', 'external'))).toBe('WIX_INSTALL_STATE_REJECTED');
  });

  it('recognizes the browser by its cookie, and by no other', () => {
    const [mine, theirs] = [oauthStates().issue('external', undefined), oauthStates().issue('external', undefined)];
    const [cookie = ''] = bindingCookies(mine, request()).at(-1)?.split(';') ?? [];
    const [foreign = ''] = bindingCookies(theirs, request()).at(-1)?.split(';') ?? [];
    expect(isSameBrowser(mine.oauthState, request(`a=1; ${cookie}; b=2`))).toBe(true);
    expect(isSameBrowser(mine.oauthState, request(foreign))).toBe(false);
    expect(isSameBrowser(mine.oauthState, request(cookie.replace(/=.*/, foreign.replace(/^[^=]*/, ''))))).toBe(false);
    expect(isSameBrowser(mine.oauthState, request())).toBe(false);
  });

  it('deletes the cookies of unfinished installations before they are too many', () => {
    const started = Array.from({ length: 4 }, () =>
      bindingCookies(oauthStates().issue('external', undefined), request()),
    );
    const cookies = started.map(([cookie = '']) => cookie.split(';')[0]).join('; ');
    const next = bindingCookies(oauthStates().issue('external', undefined), request(cookies));
    expect(next).toHaveLength(5);
    expect(next.slice(0, 4).every((cookie) => cookie.includes('Max-Age=0'))).toBe(true);
  });
});
