import { createHash } from 'node:crypto';

import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { EmulatedMember, EmulatedUser, EmulatedVisitor } from '../world/emulated-site.js';

/** The app itself. */
export interface AppSubject {
  /** As token-info writes it. */
  readonly type: 'APP';
}

/** A Wix user. */
export interface UserSubject {
  /** As token-info writes it. */
  readonly type: 'USER';
  /** The user. */
  readonly user: EmulatedUser;
}

/** A member of the site. */
export interface MemberSubject {
  /** As token-info writes it. */
  readonly type: 'MEMBER';
  /** The member. */
  readonly member: EmulatedMember;
}

/** A visitor of the site. */
export interface VisitorSubject {
  /** As token-info writes it. */
  readonly type: 'VISITOR';
  /** The visitor. */
  readonly visitor: EmulatedVisitor;
}

/** Who a token acts as, distinguished by `type`. */
export type TokenSubject = AppSubject | UserSubject | MemberSubject | VisitorSubject;

/** What the platform knows about an access token it issued. Times are whole seconds since the epoch. */
export interface IssuedToken {
  readonly app: EmulatedApp;
  /** Absent when the token was asked for without an instance id. */
  readonly install: EmulatedInstall | undefined;
  readonly subject: TokenSubject;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Whether it belongs to a browser session, as tokens of front ends do. */
  readonly bound: boolean;
  /** Differences a test wants in token-info's answer; `undefined` leaves a field out. */
  readonly tokenInfo: Readonly<Record<string, unknown>>;
}

/** What the platform knows about a refresh token it issued. */
export interface IssuedRefreshToken {
  readonly install: EmulatedInstall;
  readonly subject: TokenSubject;
  readonly expiresAt: number;
}

/** Remembers what was issued and what was revoked, by digest: the platform need not read its own tokens. */
export class TokenLedger {
  readonly #accessTokens = new Map<string, IssuedToken>();
  readonly #refreshTokens = new Map<string, IssuedRefreshToken>();
  readonly #revoked = new Set<string>();

  remember(token: string, issued: IssuedToken): void {
    this.#accessTokens.set(digestOf(token), issued);
  }

  find(token: string): IssuedToken | undefined {
    return this.#accessTokens.get(digestOf(token));
  }

  rememberRefreshToken(token: string, issued: IssuedRefreshToken): void {
    this.#refreshTokens.set(digestOf(token), issued);
  }

  findRefreshToken(token: string): IssuedRefreshToken | undefined {
    return this.#refreshTokens.get(digestOf(token));
  }

  revoke(credential: string): void {
    this.#revoked.add(digestOf(credential));
  }

  isRevoked(credential: string): boolean {
    return this.#revoked.size > 0 && this.#revoked.has(digestOf(credential));
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');
