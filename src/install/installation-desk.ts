import { Logger } from '@nestjs/common';

import { WixUnavailableError } from '../core/wix-auth.errors.js';
import type { InstallAddresses } from './install-addresses.js';
import { pageAnswer, redirectTo, type InstallAnswer } from './install-answer.js';
import { bindingCookies, isSameBrowser, releasingCookie } from './install-cookies.js';
import type { ConfirmedInstallation, InstallFlow } from './install-flow.js';
import { installedPage } from './install-pages.js';
import type { InstallTicket } from './install-ticket.js';
import type { InstallTickets } from './install-tickets.js';
import type { InstallVisit } from './install-visit.js';
import { WixInstallError } from './install.errors.js';
import type { UsedTickets } from './used-tickets.js';
import type { WixInstallHooks } from './wix-install.hooks.js';
import type { WixInstallAnswer, WixInstallation } from './wix-installation.js';

/** What the desk works with. */
export interface DeskParts {
  readonly addresses: InstallAddresses;
  readonly tickets: InstallTickets;
  readonly used: UsedTickets;
  readonly hooks: WixInstallHooks;
}

/** Starts and finishes installations: what all flows have in common. */
export class InstallationDesk {
  readonly #parts: DeskParts;
  readonly #needsCookie: boolean;
  readonly #logger = new Logger('WixAuthModule');

  constructor(parts: DeskParts, settings: { readonly cookie: 'required' | 'optional' }) {
    this.#parts = parts;
    this.#needsCookie = settings.cookie === 'required';
  }

  /** Sends the browser to Wix, with half a ticket; the other half stays in the browser. */
  start(flow: InstallFlow, visit: InstallVisit): InstallAnswer {
    const returnTo = visit.parameter('returnTo');
    if (returnTo !== undefined) this.#parts.addresses.page(returnTo);
    const issued = this.#parts.tickets.issue(flow.name, returnTo);
    return redirectTo(flow.begin(visit, issued.state), bindingCookies(issued, visit));
  }

  /** Checks what came back from Wix, tells the app, and sends the browser on. */
  async finish(flow: InstallFlow, visit: InstallVisit): Promise<InstallAnswer> {
    const { used } = this.#parts;
    const ticket = this.#ticketOf(flow, visit);
    // Asked first: an installation that is finished has taken its cookie back.
    if (await used.wasTaken(ticket)) throw usedBefore();
    const isBound = isSameBrowser(ticket, visit);
    if (!isBound && this.#needsCookie) {
      throw new WixInstallError('WIX_INSTALL_COOKIE_MISSING', 'The browser did not bring the cookie of the start.');
    }
    if (!(await used.take(ticket))) throw usedBefore();
    return this.#settle(flow, visit, ticket, isBound);
  }

  #ticketOf(flow: InstallFlow, visit: InstallVisit): InstallTicket {
    const state = visit.parameter('state');
    if (state === undefined) throw new WixInstallError('WIX_INSTALL_STATE_MISSING', 'The callback has no state.');
    return this.#parts.tickets.open(state, flow.name);
  }

  async #settle(
    flow: InstallFlow,
    visit: InstallVisit,
    ticket: InstallTicket,
    isBound: boolean,
  ): Promise<InstallAnswer> {
    try {
      const confirmed = await flow.confirm(visit, ticket);
      const { vouched, lastPage, ...known } = confirmed;
      const proven = isBound && vouched;
      const user = proven ? known.user : undefined;
      const { returnTo } = ticket;
      const wish = await this.#tell({ flow: flow.name, ...known, user, proven, returnTo });
      return this.#farewell(confirmed, ticket, wish, releasingCookie(ticket, visit));
    } catch (error) {
      if (isWorthRepeating(error)) await this.#parts.used.giveBack(ticket);
      throw error;
    }
  }

  async #tell(installation: WixInstallation): Promise<WixInstallAnswer> {
    try {
      return (await this.#parts.hooks.onInstalled(Object.freeze(installation))) ?? {};
    } catch (error) {
      // The text alone: an error object, printed, may show requests and their headers.
      const stack = error instanceof Error ? (error.stack ?? error.message) : 'Not an Error';
      this.#logger.error(`onInstalled failed for installation ${installation.instanceId}.`, stack);
      throw new WixInstallError('WIX_INSTALL_HOOK_FAILED', 'onInstalled failed.', { cause: error });
    }
  }

  #farewell(
    { instance, lastPage }: ConfirmedInstallation,
    { returnTo }: InstallTicket,
    { redirectTo: wish, setCookies = [] }: WixInstallAnswer,
    release: string,
  ): InstallAnswer {
    const cookies = [release, ...setCookies];
    if (wish !== undefined) return redirectTo(this.#allowed(wish), cookies);
    const next = returnTo === undefined ? lastPage : this.#parts.addresses.page(returnTo);
    return next === undefined ? pageAnswer(200, installedPage(instance), cookies) : redirectTo(next, cookies);
  }

  #allowed(target: string): string {
    const allowed = this.#parts.addresses.allowed(target);
    if (allowed !== undefined) return allowed;
    this.#logger.error('onInstalled redirects to an origin that install.redirectOrigins does not name.');
    throw new WixInstallError('WIX_INSTALL_HOOK_FAILED', 'onInstalled redirects to an origin that is not allowed.');
  }
}

const usedBefore = (): WixInstallError =>
  new WixInstallError('WIX_INSTALL_STATE_USED', 'The installation has been finished before.');

// Nothing was decided, or the app alone failed: reloading the page may do.
const isWorthRepeating = (error: unknown): boolean =>
  error instanceof WixUnavailableError ||
  (error instanceof WixInstallError && ['WIX_INSTALL_UNAVAILABLE', 'WIX_INSTALL_HOOK_FAILED'].includes(error.code));
