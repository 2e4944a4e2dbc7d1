import type { Platform } from '../platform.js';
import { readSignedInstance } from '../tokens/signed-instance.js';
import type { IssuedToken } from '../tokens/token-ledger.js';
import { judgeToken } from '../tokens/token-verdict.js';
import { emptyAnswer, htmlAnswer, Refused, withHeaders, wixError, wrongJsonType, type Answer } from '../wire/answer.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { Need } from '../world/scope-table.js';
import type { Call } from './endpoint.js';

/** A caller whose token Wix accepts. */
export interface Caller {
  readonly token: IssuedToken;
  readonly install: EmulatedInstall;
}

/** Identifies the caller by the `Authorization` header, and counts the call against the quota. */
export function identify({ request, platform }: Call): Caller {
  const token = acceptedToken(platform, credentialOf(request.headers['authorization']));
  if (!token.install) throw noSiteContext('The token was asked for without an instance id.');
  throttle(platform, token.install);
  return { token, install: token.install };
}

/** Identifies a caller who must be the app itself. */
export function identifyApp(call: Call): EmulatedInstall {
  const { token } = identifyAnywhere(call);
  const isApp = token.subject.type === 'APP' && token.install !== undefined;
  if (!isApp) throw new Refused(unauthorized(call.platform, token, APP_INSTANCE));
  throttle(call.platform, token.install);
  return token.install;
}

/** Identifies a caller and asserts that the app, and the user it acts for, may do this. */
export function authorize(call: Call, need: Need): Caller {
  const caller = identify(call);
  if (!isAllowed(call.platform, caller, need)) throw new Refused(unauthorized(call.platform, caller.token, need));
  return caller;
}

/** Like {@link authorize}, but lets visitors and members in where the variant says so. */
export function authorizeReading(call: Call, need: Need): Caller & { readonly publishedOnly: boolean } {
  const caller = identify(call);
  const isVisitor = ['MEMBER', 'VISITOR'].includes(caller.token.subject.type);
  const mayRead = isVisitor ? appMay(call.platform, caller, need) : isAllowed(call.platform, caller, need);
  if (!mayRead || (isVisitor && !call.platform.variants.visitorsMayRead)) {
    throw new Refused(unauthorized(call.platform, caller.token, need));
  }
  return { ...caller, publishedOnly: isVisitor };
}

const APP_INSTANCE: Need = {
  scope: 'SCOPE.DC.MANAGE-YOUR-APP',
  permissionId: 'WIX_DEVELOPERS.MANAGE_APP_INSTANCE',
};

const identifyAnywhere = ({ request, platform }: Call): { token: IssuedToken } => ({
  token: acceptedToken(platform, credentialOf(request.headers['authorization'])),
});

function credentialOf(header: string | readonly string[] | undefined): string {
  const credential = typeof header === 'string' ? header.replace(/^Bearer\s+/i, '').trim() : '';
  if (credential === '') throw unauthenticated('No identity found', 'There is no Authorization header.');
  return credential;
}

function acceptedToken(platform: Platform, credential: string): IssuedToken {
  const verdict = judgeToken(platform, credential);
  if (verdict.state === 'unknown') throw notAToken(credential);
  if (verdict.state !== 'active') throw noSiteContext(`The token is ${verdict.state}.`);
  if (verdict.issued.bound && platform.variants.boundTokens === 'refused') {
    throw unauthenticated('No identity found', 'The token belongs to a browser: exchange it by strip_bound_session.');
  }
  return verdict.issued;
}

// Wix answers a signed instance in the Authorization header like a wrongly typed message.
function notAToken(credential: string): Refused {
  if (readSignedInstance(credential)) return new Refused(wrongJsonType('A signed instance is no API token.'));
  return unauthenticated('No identity found', 'This emulator did not issue the token, or it was altered.');
}

function throttle(platform: Platform, install: EmulatedInstall): void {
  const { requestsPerMinute, retryAfter } = platform.variants;
  const waitMs = platform.throttle.waitBefore(install, requestsPerMinute, platform.now());
  if (waitMs === 0) return;

  const answer = wixError(429, 'RESOURCE_EXHAUSTED', 'Too many requests');
  const headers = retryAfter ? { 'retry-after': Math.ceil(waitMs / 1000).toString() } : {};
  throw new Refused(withHeaders(answer, headers));
}

function isAllowed(platform: Platform, caller: Caller, need: Need): boolean {
  const { subject } = caller.token;
  if (subject.type === 'APP') return appMay(platform, caller, need);
  if (subject.type !== 'USER' || !appMay(platform, caller, need)) return false;
  return subject.user.isOwner || platform.scopes.covers(subject.user.permissions, need);
}

const appMay = (platform: Platform, { install }: Caller, need: Need): boolean =>
  platform.scopes.covers(install.grants, need);

function unauthorized(platform: Platform, { install, subject }: IssuedToken, need: Need): Answer {
  const site = install?.site.siteId ?? 'none';
  const message = `Unauthorized to perform ${need.permissionId} on site ${site}`;
  const note = `${need.scope} is needed. Called as ${subject.type}; the app holds: ${install?.grants.join(' ') ?? ''}.`;
  switch (platform.variants.missingPermission) {
    case 403:
      return wixError(403, 'UNAUTHORIZED_OPERATION', message, note);
    case 404:
      return wixError(404, 'NOT_FOUND', 'Not found', note);
    case 'empty':
      return emptyAnswer(403, {}, note);
    case 'html':
      return htmlAnswer(403, note);
  }
}

const unauthenticated = (message: string, note: string): Refused =>
  new Refused(wixError(401, 'UNAUTHENTICATED', message, note));

const noSiteContext = (note: string): Refused =>
  new Refused(wixError(401, 'UNAUTHORIZED', 'No Metasite Context in identity.', note));
