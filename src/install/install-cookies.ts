import type { InstallTicket, IssuedTicket } from './install-ticket.js';
import { isOtherHalf } from './install-tickets.js';
import type { InstallVisit } from './install-visit.js';

// The prefix keeps other hosts of the domain from planting one. Browsers take it on loopback addresses without TLS.
const PREFIX = '__Host-wix-install-';
// Longer than any ticket, so that an expired one is told from a browser that keeps no cookies.
const MAX_AGE_S = 3_600;
const MAX_STARTED = 4;

/** The `Set-Cookie` headers that bind an installation to the browser it starts in. */
export function bindingCookies({ ticket, cookieValue }: IssuedTicket, visit: InstallVisit): readonly string[] {
  return [...tooMany(visit), cookie(PREFIX + ticket.id, cookieValue, MAX_AGE_S, visit)];
}

/** Whether this is the browser in which the installation was started. */
export function isSameBrowser(ticket: InstallTicket, visit: InstallVisit): boolean {
  const value = visit.cookie(PREFIX + ticket.id);
  return value !== undefined && isOtherHalf(ticket, value);
}

/** The `Set-Cookie` header that ends it. */
export const releasingCookie = ({ id }: InstallTicket, visit: InstallVisit): string =>
  cookie(PREFIX + id, '', 0, visit);

// Servers refuse requests whose cookies have grown too long.
function tooMany(visit: InstallVisit): readonly string[] {
  const started = [...visit.cookies().keys()].filter((name) => /^__Host-wix-install-[\w-]{12}$/.test(name));
  return started.length < MAX_STARTED ? [] : started.map((name) => cookie(name, '', 0, visit));
}

function cookie(name: string, value: string, maxAgeS: number, { isFramed }: InstallVisit): string {
  const sameSite = isFramed ? 'SameSite=None; Partitioned' : 'SameSite=Lax';
  return `${name}=${value}; Path=/; Max-Age=${String(maxAgeS)}; HttpOnly; Secure; ${sameSite}`;
}
