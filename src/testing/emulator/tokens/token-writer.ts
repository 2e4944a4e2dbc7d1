import { createHmac, randomUUID, sign } from 'node:crypto';

import type { IssuedToken, TokenSubject } from './token-ledger.js';

const YEAR_SECONDS = 31_536_000;

/** Writes an access token as Wix does: `OauthNG.JWS.` and a JWT only its issuer can verify. */
export function writeAccessToken(issued: IssuedToken, key: string, claims: Readonly<Record<string, unknown>>): string {
  const data = JSON.stringify({ instance: { ...instanceClaims(issued), ...claims } });
  return `OauthNG.JWS.${writeHs256(key, { data, iat: issued.issuedAt, exp: issued.expiresAt })}`;
}

/** Writes a refresh token as Wix does: `JWS.` and a JWT around a GUID. It lives a year. */
export function writeRefreshToken(issuedAt: number, key: string): { token: string; expiresAt: number } {
  const expiresAt = issuedAt + YEAR_SECONDS;
  const data = JSON.stringify(randomUUID());
  return { token: `JWS.${writeHs256(key, { data, iat: issuedAt, exp: expiresAt })}`, expiresAt };
}

/** Writes an API key as Wix does: `IST.` and a JWT without expiry. */
export function writeApiKey(issuedAt: number, privateKey: string): string {
  const data = JSON.stringify({
    id: randomUUID(),
    identity: { type: 'application', id: randomUUID() },
    tenant: { type: 'account', id: randomUUID() },
  });
  const text = `${base64url({ kid: 'EmulatRS', alg: 'RS256' })}.${base64url({ data, iat: issuedAt })}`;
  return `IST.${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

function instanceClaims({ app, install, subject, issuedAt, expiresAt }: IssuedToken): Record<string, unknown> {
  return {
    instanceId: install?.instanceId,
    appDefId: app.appId,
    signDate: isoDate(issuedAt),
    ...subjectClaims(subject),
    demoMode: false,
    siteOwnerId: install?.site.owner.userId,
    metaSiteId: install?.site.siteId,
    expirationDate: isoDate(expiresAt),
    // Makes each token different, as at Wix.
    sid: randomUUID(),
  };
}

function subjectClaims(subject: TokenSubject): Record<string, unknown> {
  switch (subject.type) {
    case 'APP':
      return { permissions: '' };
    case 'USER':
      return { uid: subject.user.userId, permissions: '', hasUserRole: true };
    case 'MEMBER': {
      const { memberId, visitorId } = subject.member;
      return { uid: memberId, siteMemberId: memberId, aid: visitorId, permissions: 'offline_access' };
    }
    case 'VISITOR':
      return { aid: subject.visitor.visitorId, permissions: 'offline_access' };
  }
}

function writeHs256(key: string, payload: object): string {
  const text = `${base64url({ kid: 'Emulator', alg: 'HS256' })}.${base64url(payload)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const isoDate = (seconds: number): string => new Date(seconds * 1000).toISOString();
