import { generateKeyPairSync } from 'node:crypto';

import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { EmulatedMember, EmulatedSite, EmulatedUser, EmulatedVisitor } from '../world/emulated-site.js';
import type { Platform } from '../platform.js';
import { instanceFields, type SignedInstanceOptions } from './signed-instance-fields.js';
import { writeSignedInstance } from './signed-instance.js';
import type { OpenIdKeys } from './open-id-keys.js';
import type { MintOptions, TokenIssuer } from './token-issuer.js';
import type { TokenSubject } from './token-ledger.js';
import { writeApiKey } from './token-writer.js';

/** Makes the credentials Wix would: those its front ends send to your backend, and those your backend asks for. */
export class WixEmulatorMint {
  readonly #issuer: TokenIssuer;
  readonly #openIdKeys: OpenIdKeys;
  readonly #now: () => number;
  #apiKeySigner: string | undefined;

  constructor({ issuer, openIdKeys, now }: Pick<Platform, 'issuer' | 'openIdKeys' | 'now'>) {
    this.#issuer = issuer;
    this.#openIdKeys = openIdKeys;
    this.#now = now;
  }

  /** The token of a Wix user on a dashboard page of the app, as `fetchWithAuth` sends it to your backend. */
  userToken(install: EmulatedInstall, user: EmulatedUser, options?: MintOptions): string {
    return this.#sessionToken(install, user.site, { type: 'USER', user }, options);
  }

  /** The token of a logged-in member of the site. */
  memberToken(install: EmulatedInstall, member: EmulatedMember, options?: MintOptions): string {
    return this.#sessionToken(install, member.site, { type: 'MEMBER', member }, options);
  }

  /** The token of a visitor of the site who is not logged in. */
  visitorToken(install: EmulatedInstall, visitor: EmulatedVisitor, options?: MintOptions): string {
    return this.#sessionToken(install, visitor.site, { type: 'VISITOR', visitor }, options);
  }

  /** The app's own token for one installation, as client credentials get it. */
  appToken(install: EmulatedInstall, options?: MintOptions): string {
    return this.#issuer.accessToken({ app: install.app, install, subject: { type: 'APP' } }, options);
  }

  /** The app's token without an installation, as client credentials get it when they name no instance id. */
  appLevelToken(app: EmulatedApp, options?: MintOptions): string {
    return this.#issuer.accessToken({ app, install: undefined, subject: { type: 'APP' } }, options);
  }

  /** A refresh token (`JWS.…`) of a visitor: valid only to get new access tokens. */
  refreshToken(install: EmulatedInstall, visitor: EmulatedVisitor = install.site.addVisitor()): string {
    return this.#issuer.refreshToken(install, { type: 'VISITOR', visitor });
  }

  /** An API key (`IST.…`) of some Wix account. Nothing accepts it: API keys are not for third-party apps. */
  apiKey(): string {
    this.#apiKeySigner ??= generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey;
    return writeApiKey(this.#issuer.nowSeconds(), this.#apiKeySigner);
  }

  /**
   * An OpenID `id_token` that tells an app who logged in with Wix, signed with the key of `/oauth2/jwks`. A preview at
   * Wix; what it calls itself in `iss` is a guess.
   */
  idToken(app: EmulatedApp, user: EmulatedUser, claims: Readonly<Record<string, unknown>> = {}): string {
    const iat = this.#issuer.nowSeconds();
    const { userId: sub, email, name } = user;
    return this.#openIdKeys.sign({
      iss: 'wix.com',
      aud: app.appId,
      sub,
      email,
      name,
      iat,
      exp: iat + 3_600,
      ...claims,
    });
  }

  /** The `instance` string Wix gives to iframe pages, signed with the app's secret. */
  signedInstance(install: EmulatedInstall, options: SignedInstanceOptions = {}): string {
    const fields = instanceFields(install, options, this.#now());
    return writeSignedInstance(fields, options.secret ?? install.app.appSecret, options.padded);
  }

  #sessionToken(install: EmulatedInstall, site: EmulatedSite, subject: TokenSubject, options?: MintOptions): string {
    if (site !== install.site) throw new Error('This person belongs to another site than the installation.');
    return this.#issuer.accessToken({ app: install.app, install, subject }, { bound: true, ...options });
  }
}
