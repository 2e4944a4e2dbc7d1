import type { Platform } from '../platform.js';
import { isCutOff, judgeToken } from '../tokens/token-verdict.js';
import type { IssuedToken } from '../tokens/token-ledger.js';
import { jsonAnswer, oauthError, Refused, withHeaders, wixError, wrongJsonType, type Answer } from '../wire/answer.js';
import { isObject } from '../wire/request-body.js';
import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { Endpoint } from './endpoint.js';

type Grant = (fields: TokenFields, platform: Platform) => Answer;

const grants: Readonly<Record<string, Grant>> = {
  client_credentials: clientCredentials,
  anonymous,
  refresh_token: refreshToken,
  strip_bound_session: stripBoundSession,
};

/** `POST /oauth2/token`: tokens for the app, for visitors, and for acting on behalf of a caller. */
export const tokenEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth2/token',
  handle: ({ request, platform }) => {
    const fields = new TokenFields(request.body);
    const grantType = fields.required('grant_type');
    const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
    const note = `The emulator knows the grants ${Object.keys(grants).join(', ')}.`;
    return grant ? grant(fields, platform) : oauthError(400, 'unsupported_grant_type', note);
  },
};

/** The body's fields by name, in snake_case or camelCase, as Wix takes both. */
class TokenFields {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(body: unknown) {
    if (!isObject(body)) throw new Refused(oauthError(400, 'invalid_request', 'The body is neither JSON nor a form.'));
    this.#fields = new Map(Object.entries(body).map(([name, value]) => [normalName(name), value]));
  }

  /** The field's text, or `undefined` when it is absent, null or empty. */
  optional(name: string): string | undefined {
    const value = this.#fields.get(normalName(name)) ?? '';
    if (typeof value !== 'string') throw new Refused(wrongJsonType(`${name} must be a string.`));
    return value === '' ? undefined : value;
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw new Refused(oauthError(400, 'invalid_request', `${name} is missing.`));
    return value;
  }
}

const normalName = (name: string): string => name.replaceAll('_', '').toLowerCase();

function clientCredentials(fields: TokenFields, platform: Platform): Answer {
  const app = knownApp(platform, fields.required('client_id'));
  if (fields.required('client_secret') !== app.appSecret) throw invalidClient('The secret is wrong.');
  const instanceId = fields.optional('instance_id');
  const install = instanceId === undefined ? undefined : installedAt(platform, app, instanceId);
  const token = platform.issuer.accessToken({ app, install, subject: { type: 'APP' } });
  return tokenAnswer(platform, token, platform.variants.accessTokenLifetimeSeconds);
}

function anonymous(fields: TokenFields, platform: Platform): Answer {
  const app = knownApp(platform, fields.required('client_id'));
  const install = siteForVisitors(platform, app, fields.optional('instance_id'));
  const subject = { type: 'VISITOR', visitor: install.site.addVisitor() } as const;
  const token = platform.issuer.accessToken({ app, install, subject });
  const refreshToken = platform.issuer.refreshToken(install, subject);
  return tokenAnswer(platform, token, platform.variants.accessTokenLifetimeSeconds, refreshToken);
}

function refreshToken(fields: TokenFields, platform: Platform): Answer {
  const refreshToken = fields.required('refresh_token');
  const { install, subject } = liveRefreshToken(platform, refreshToken);
  const clientId = fields.optional('client_id');
  if (clientId !== undefined && clientId !== install.app.appId) throw invalidGrant('It belongs to another client.');
  const token = platform.issuer.accessToken({ app: install.app, install, subject });
  return tokenAnswer(platform, token, platform.variants.accessTokenLifetimeSeconds, refreshToken);
}

function stripBoundSession(fields: TokenFields, platform: Platform): Answer {
  const secret = fields.required('client_secret');
  const verdict = judgeToken(platform, fields.required('access_token'));
  if (verdict.state === 'unknown') throw invalidGrant('The access token is unknown.');
  if (secret !== verdict.issued.app.appSecret) throw invalidClient("The secret is not that of the token's app.");
  if (verdict.state !== 'active') throw invalidGrant(`The access token is ${verdict.state}.`);
  const token = platform.issuer.unbound(verdict.issued);
  return tokenAnswer(platform, token, secondsLeft(platform, verdict.issued));
}

function tokenAnswer(platform: Platform, token: string, expiresIn: number, refreshToken?: string): Answer {
  const answer = jsonAnswer(200, {
    access_token: token,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    token_type: 'Bearer',
    ...expiry(platform, expiresIn),
  });
  return withHeaders(answer, { 'cache-control': 'no-store' });
}

function expiry(platform: Platform, expiresIn: number): { expires_in?: number | string } {
  switch (platform.variants.expiresIn) {
    case 'missing':
      return {};
    case 'string':
      return { expires_in: expiresIn.toString() };
    case 'number':
      return { expires_in: expiresIn };
  }
}

const secondsLeft = (platform: Platform, issued: IssuedToken): number =>
  issued.expiresAt - platform.issuer.nowSeconds();

function knownApp(platform: Platform, appId: string): EmulatedApp {
  const app = platform.world.app(appId);
  if (!app) throw invalidClient(`There is no app ${appId}. Add it with wix.addApp().`);
  return app;
}

function installedAt(platform: Platform, app: EmulatedApp, instanceId: string): EmulatedInstall {
  const install = platform.world.installed(app, instanceId);
  if (!install) throw unknownInstance(platform, `The app has no installation ${instanceId}, or it was removed.`);
  return install;
}

// A headless client belongs to one site. An app may be on many: without an instance id, its first one is meant.
function siteForVisitors(platform: Platform, app: EmulatedApp, instanceId: string | undefined): EmulatedInstall {
  if (instanceId !== undefined) return installedAt(platform, app, instanceId);
  const install = platform.world.installsOf(app).find((candidate) => candidate.isInstalled);
  if (!install) throw new Refused(oauthError(400, 'invalid_request', 'The app is installed nowhere.'));
  return install;
}

function liveRefreshToken(platform: Platform, token: string) {
  const issued = platform.tokens.findRefreshToken(token);
  if (!issued) throw invalidGrant('The refresh token is unknown.');
  const isDead = platform.tokens.isRevoked(token) || issued.expiresAt * 1000 <= platform.now();
  if (isDead || isCutOff(platform, issued.install)) throw invalidGrant('The refresh token is dead.');
  return issued;
}

function unknownInstance({ variants }: Platform, note: string): Refused {
  const status = variants.unknownInstance;
  const message = status === 404 ? 'App not found in any meta-site' : 'App instance not found';
  return new Refused(wixError(status, 'APP_INSTANCE_NOT_FOUND', message, note));
}

const invalidClient = (note: string): Refused => new Refused(oauthError(401, 'invalid_client', note));

const invalidGrant = (note: string): Refused => new Refused(oauthError(400, 'invalid_grant', note));
