import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { ApiRefusal } from './api-route.js';

/** Who may reach the console. */
export interface GateSettings {
  /** The run's key. */
  readonly key: string;
  /** Names besides the loopback ones that `Host` may have. */
  readonly allowedHosts: readonly string[];
}

/**
 * Asserts that a request comes from this machine and under a name that is the console's: a page elsewhere whose name was
 * made to lead here (DNS rebinding) has another `Host`.
 *
 * @throws {ApiRefusal} 403, 421
 */
export function assertLocal(request: IncomingMessage, { allowedHosts }: GateSettings): void {
  if (allowedHosts.length === 0 && !isLoopbackAddress(request.socket.remoteAddress ?? '')) {
    throw new ApiRefusal(403, 'The console answers this machine only, unless --allow-host is given.');
  }
  const host = hostnameOf(request.headers.host);
  if (![...LOOPBACK_NAMES, ...allowedHosts].includes(host)) {
    throw new ApiRefusal(421, `The console is not "${host}". Add other names of it with --allow-host.`);
  }
}

/** Asserts that a call of the API comes from the console's own page or a program, and carries the run's key. */
export function assertAdmitted(request: IncomingMessage, settings: GateSettings): void {
  assertLocal(request, settings);
  if (isForeign(request)) throw new ApiRefusal(403, "Only the console's own page may call its API.");
  if (!isSame(request.headers['x-emulator-key'], settings.key)) {
    throw new ApiRefusal(401, "Send the run's key in x-emulator-key: open the address that the program printed.");
  }
}

/** Asserts that a form of Wix's pages was sent by that page: no other one may agree in the owner's name. */
export function assertOwnForm(request: IncomingMessage, settings: GateSettings): void {
  assertLocal(request, settings);
  if (isForeign(request)) throw new ApiRefusal(403, 'Only the page of the emulated Wix may send this form.');
}

/** Whether a browser says that another page sent this. */
function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  return (origin !== undefined && origin !== `http://${host}`) || site === 'cross-site' || site === 'same-site';
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

const hostnameOf = (host = ''): string => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '');

const isLoopbackAddress = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);

// Compared as digests: of one length, and in constant time.
const isSame = (given: unknown, key: string): boolean =>
  typeof given === 'string' && timingSafeEqual(digestOf(given), digestOf(key));

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
