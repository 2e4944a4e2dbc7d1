import { bindingCookies, isSameBrowser } from '../../../src/install/install-cookies.js';
import { InstallTickets } from '../../../src/install/install-tickets.js';
import { InstallVisit } from '../../../src/install/install-visit.js';
import { APP_SECRET, OLD_SECRET, app } from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { FakeClock } from '../../support/fake-clock.js';

const MINUTE_MS = 60_000;

describe('InstallTickets', () => {
  let clock: FakeClock;
  const tickets = (...secrets: [string, ...string[]] | []) => new InstallTickets(app(...secrets), clock);
  const visit = (cookie = '') => new InstallVisit({ url: '/', headers: { cookie } });

  beforeEach(() => {
    clock = new FakeClock();
  });

  it('opens what it made, with the page to return to', () => {
    const { state, ticket } = tickets().issue('external', '/welcome');
    expect(tickets().open(state, 'external')).toEqual(ticket);
    expect(ticket.returnTo).toBe('/welcome');
  });

  it.each([
    ['custom-authentication', 10],
    ['external', 30],
  ] as const)('lets a ticket of %s live %i minutes', async (flow, minutes) => {
    const { state } = tickets().issue(flow, undefined);
    clock.advance(minutes * MINUTE_MS - 1);
    expect(tickets().open(state, flow).flow).toBe(flow);
    clock.advance(1);
    expect(await codeOf(() => tickets().open(state, flow))).toBe('WIX_INSTALL_STATE_EXPIRED');
  });

  it('opens no ticket at the callback of the other flow', async () => {
    const { state } = tickets().issue('external', undefined);
    expect(await codeOf(() => tickets().open(state, 'custom-authentication'))).toBe('WIX_INSTALL_WRONG_CALLBACK');
  });

  it('opens tickets from before the secret was changed, and none of a foreign secret', async () => {
    const { state } = tickets(OLD_SECRET).issue('external', undefined);
    expect(tickets(APP_SECRET, OLD_SECRET).open(state, 'external')).toBeDefined();
    expect(await codeOf(() => tickets(APP_SECRET).open(state, 'external'))).toBe('WIX_INSTALL_STATE_REJECTED');
  });

  it('opens no ticket that differs by any character', async () => {
    const { state } = tickets().issue('external', undefined);
    for (let index = 0; index < state.length; index += 1) {
      const other = state[index] === 'A' ? 'B' : 'A';
      const altered = state.slice(0, index) + other + state.slice(index + 1);
      expect(await codeOf(() => tickets().open(altered, 'external'))).toBe('WIX_INSTALL_STATE_REJECTED');
    }
    expect(await codeOf(() => tickets().open('', 'external'))).toBe('WIX_INSTALL_STATE_REJECTED');
  });

  it('knows the browser by its cookie, and by no other', () => {
    const [mine, theirs] = [tickets().issue('external', undefined), tickets().issue('external', undefined)];
    const [cookie = ''] = bindingCookies(mine, visit()).at(-1)?.split(';') ?? [];
    const [foreign = ''] = bindingCookies(theirs, visit()).at(-1)?.split(';') ?? [];
    expect(isSameBrowser(mine.ticket, visit(`a=1; ${cookie}; b=2`))).toBe(true);
    expect(isSameBrowser(mine.ticket, visit(foreign))).toBe(false);
    expect(isSameBrowser(mine.ticket, visit(cookie.replace(/=.*/, foreign.replace(/^[^=]*/, ''))))).toBe(false);
    expect(isSameBrowser(mine.ticket, visit())).toBe(false);
  });

  it('takes back the cookies of installations that were never finished, before they are too many', () => {
    const started = Array.from({ length: 4 }, () => bindingCookies(tickets().issue('external', undefined), visit()));
    const cookies = started.map(([cookie = '']) => cookie.split(';')[0]).join('; ');
    const next = bindingCookies(tickets().issue('external', undefined), visit(cookies));
    expect(next).toHaveLength(5);
    expect(next.slice(0, 4).every((cookie) => cookie.includes('Max-Age=0'))).toBe(true);
  });
});
