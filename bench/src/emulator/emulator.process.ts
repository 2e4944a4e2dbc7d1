import { randomUUID } from 'node:crypto';

import { WixEmulator } from 'nestjs-wix-auth/testing';

import { offer } from '../process/offer.js';
import type { EmulatedSettings } from './emulated-settings.js';
import { MANAGE_PRODUCTS } from './scopes.js';

const wix = await WixEmulator.start({ maxLoggedRequests: 100 });
const app = wix.addApp();
const newInstall = () => wix.install(app, wix.addSite(), { grants: [MANAGE_PRODUCTS] });
const install = newInstall();
const installs = Array.from({ length: 100 }, newInstall);

const CONTACT_CREATED = {
  type: 'wix.contacts.v4.contact_created',
  data: {
    id: randomUUID(),
    entityFqdn: 'wix.contacts.v4.contact',
    slug: 'created',
    entityId: randomUUID(),
    eventTime: new Date().toISOString(),
    createdEvent: { entity: { name: { first: 'Ann', last: 'Lee' }, emails: ['ann@example.com'] } },
  },
};

const functions = {
  settings: (): EmulatedSettings => ({
    appId: app.appId,
    appSecret: app.appSecret,
    publicKey: app.publicKey,
    apiUrl: wix.url,
  }),

  instanceId: (): string => install.instanceId,

  instanceIds: (count: number): string[] => Array.from({ length: count }, () => newInstall().instanceId),

  /** The token of a site's owner, as a dashboard page sends it. */
  ownerToken: (): string => wix.mint.userToken(install, install.site.owner, { claims: undocumentedClaims() }),

  /** Tokens of so many owners, each on a new site. */
  newOwnerTokens: (count: number): string[] =>
    Array.from({ length: count }, newInstall).map((where) => wix.mint.userToken(where, where.site.owner)),

  /** Tokens as dashboard pages send them: each of another user, on a hundred sites in turn. */
  userTokens: (count: number): string[] =>
    Array.from({ length: count }, (_, index) => {
      const where = installs[index % installs.length] ?? install;
      return wix.mint.userToken(where, where.site.addUser(), { claims: undocumentedClaims() });
    }),

  /** Signed instances as iframe pages send them: each of another user. */
  signedInstances: (count: number): string[] =>
    Array.from({ length: count }, () => wix.mint.signedInstance(install, { user: install.site.addUser() })),

  /** The body of a webhook. */
  webhookBody: (): string => wix.send.webhookBody(install, CONTACT_CREATED),

  /** Installations that a flood is to name, with a genuine token for each. */
  floodedInstalls: () => {
    const flooded = Array.from({ length: 100 }, newInstall);
    return {
      instanceIds: flooded.map(({ instanceId }) => instanceId),
      tokens: flooded.map((one) => wix.mint.userToken(one, one.site.owner)),
    };
  },

  /** Delays the answer to every request about a token by so many milliseconds. */
  delayTokenInfo: (delayMs: number): void => {
    wix.clearFaults();
    if (delayMs > 0) wix.fail('/oauth2/token-info', { delayMs });
  },

  count: (path: string): number => wix.count(path),
};

/** The functions that the emulator offers. */
export type EmulatorOffer = typeof functions;

// Wix's tokens have undocumented fields; they make them as long as the real ones, a good thousand characters.
const undocumentedClaims = (): Record<string, unknown> => ({
  aor: true,
  pai: null,
  lpai: null,
  scd: new Date(0).toISOString(),
  acd: new Date(0).toISOString(),
  loginAccountId: install.site.owner.accountId,
});

offer(functions);
