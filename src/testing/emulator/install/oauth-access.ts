import type { Endpoint } from '../endpoints/endpoint.js';
import type { Platform } from '../platform.js';
import { isCutOff } from '../tokens/token-verdict.js';
import { jsonAnswer, oauthError, Refused, withHeaders, type Answer } from '../wire/answer.js';
import { fieldsOf } from '../wire/request-body.js';
import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';

const LIFETIME_SECONDS = 300;

/** `POST /oauth/access`: tokens of custom authentication, which live five minutes. */
export const oauthAccessEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth/access',
  handle: ({ request, platform }) => {
    const fields = fieldsOf(request.body);
    const app = clientOf(platform, fields);
    switch (fields['grant_type']) {
      case 'authorization_code':
        return exchange(platform, app, textOf(fields, 'code'));
      case 'refresh_token':
        return refresh(platform, app, textOf(fields, 'refresh_token'));
      default:
        return oauthError(400, 'unsupported_grant_type');
    }
  },
};

function clientOf({ world }: Platform, fields: Fields): EmulatedApp {
  const app = world.app(textOf(fields, 'client_id'));
  if (app?.appSecret === textOf(fields, 'client_secret')) return app;
  throw new Refused(oauthError(401, 'invalid_client', 'The app id or the secret is wrong.'));
}

function exchange(platform: Platform, app: EmulatedApp, code: string): Answer {
  const verdict = platform.codes.use(code, platform.now());
  if (verdict.state !== 'good') throw invalidGrant(`The code is ${verdict.state}.`);
  if (verdict.install.app !== app) throw invalidGrant('The code belongs to another app.');
  return tokens(platform, verdict.install, platform.issuer.refreshToken(verdict.install, { type: 'APP' }));
}

function refresh(platform: Platform, app: EmulatedApp, token: string): Answer {
  const issued = platform.tokens.findRefreshToken(token);
  if (issued?.install.app !== app) throw invalidGrant('The refresh token is unknown.');
  if (platform.tokens.isRevoked(token)) throw invalidGrant('The refresh token was used before, or is revoked.');
  if (isCutOff(platform, issued.install)) throw invalidGrant('The site removed the app.');
  if (platform.variants.refreshTokens === 'same') return tokens(platform, issued.install, token);
  platform.tokens.revoke(token);
  return tokens(platform, issued.install, platform.issuer.refreshToken(issued.install, { type: 'APP' }));
}

function tokens({ issuer }: Platform, install: EmulatedInstall, refreshToken: string): Answer {
  const whose = { app: install.app, install, subject: { type: 'APP' } } as const;
  const accessToken = issuer.accessToken(whose, { expiresInSeconds: LIFETIME_SECONDS });
  const answer = jsonAnswer(200, { access_token: accessToken, refresh_token: refreshToken });
  return withHeaders(answer, { 'cache-control': 'no-store' });
}

type Fields = Readonly<Record<string, unknown>>;

const textOf = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

const invalidGrant = (note: string): Refused => new Refused(oauthError(400, 'invalid_grant', note));
