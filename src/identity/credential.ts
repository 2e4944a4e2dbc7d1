import { WixApiKeyRefusedError, WixCredentialsMalformedError } from '../core/wix-auth.errors.js';

/** An access token, opaque to us: only Wix can say whether it is good. */
export interface AccessTokenCredential {
  readonly kind: 'access-token';
  readonly text: string;
  /** The part that would be a JWT's payload, still encoded and not to be trusted. */
  readonly payload: string;
}

/** A signed instance: `<signature>.<data>`, checked with the app's secret. */
export interface SignedInstanceCredential {
  readonly kind: 'signed-instance';
  readonly text: string;
  readonly signature: string;
  /** The characters that were signed, exactly as received. */
  readonly data: string;
}

/** What a credential is, by its exact shape. */
export type WixCredential = AccessTokenCredential | SignedInstanceCredential;

const ACCESS_TOKEN = /^(?:OauthNG\.JWS|OAUTH2)\.[\w-]+\.([\w-]+)\.[\w-]+$/;
const SIGNED_INSTANCE = /^([\w-]{43})\.([\w+/-]+={0,2})$/;

/**
 * Tells what kind of credential a text is. Says nothing about whether it is genuine.
 *
 * @throws {@link WixApiKeyRefusedError} for an API key.
 * @throws {@link WixCredentialsMalformedError} for anything that is neither an access token nor a signed instance.
 */
export function readCredential(text: string): WixCredential {
  const token = ACCESS_TOKEN.exec(text);
  if (token?.[1] !== undefined) return { kind: 'access-token', text: ownCopy(text), payload: token[1] };

  const [, signature, data] = SIGNED_INSTANCE.exec(text) ?? [];
  if (signature !== undefined && data !== undefined) {
    return { kind: 'signed-instance', text: ownCopy(text), signature, data };
  }
  throw whyNone(text);
}

// Verified credentials are cached, and a slice of a string keeps the whole string in memory, such as a message or a URL.
const ownCopy = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

function whyNone(text: string): WixApiKeyRefusedError | WixCredentialsMalformedError {
  if (text.startsWith('IST.')) {
    return new WixApiKeyRefusedError(
      'API keys are not for third-party apps: one opens every site of the account it belongs to. ' +
        'Send an access token that Wix issued for this app.',
    );
  }
  if (text.startsWith('JWS.')) {
    return new WixCredentialsMalformedError(
      'This is a refresh token. Requests carry an access token (OauthNG.JWS...).',
    );
  }
  return new WixCredentialsMalformedError('This is neither a Wix access token (OauthNG.JWS...) nor a signed instance.');
}

const BEARER_LENGTH = 'bearer '.length;

/**
 * A credential without the optional `Bearer` of any casing. Wix's own front ends send none.
 * Character by character because this runs on every request.
 */
export function bareCredential(header: string): string {
  return header.charCodeAt(BEARER_LENGTH - 1) === 0x20 && header.slice(0, BEARER_LENGTH).toLowerCase() === 'bearer '
    ? header.slice(BEARER_LENGTH).trim()
    : header;
}
