import { randomUUID } from 'node:crypto';

import type { WixEmulatorVariants } from '../variants.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { IssuedToken, TokenLedger, TokenSubject } from './token-ledger.js';
import { writeAccessToken, writeRefreshToken } from './token-writer.js';

/** How an access token may differ from an ordinary one. */
export interface MintOptions {
  /**
   * Seconds from now until it expires; zero or less makes one that has expired.
   *
   * @default the variant `accessTokenLifetimeSeconds`
   */
  readonly expiresInSeconds?: number | undefined;
  /**
   * When it was issued, as a date or in milliseconds since the epoch. With this alone, it expires a full lifetime
   * later.
   *
   * @default now; for a token that has expired, a full lifetime before its expiry
   */
  readonly issuedAt?: Date | number | undefined;
  /**
   * Whether it belongs to a browser session, as tokens that Wix's front ends send do. See the variant `boundTokens`.
   *
   * @default true for users, members and visitors, false for the app
   */
  readonly bound?: boolean | undefined;
  /**
   * Whether it only looks genuine: signed with another key and unknown to token-info.
   *
   * @default false
   */
  readonly forged?: boolean | undefined;
  /** Fields of the decoded payload to replace or add; `undefined` leaves one out. Token-info is not affected. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Fields of token-info's answer to replace or add; `undefined` leaves one out. `{ subjectType: 'UNKNOWN' }` and
   * `{ instanceId: undefined }` are answers Wix may give.
   */
  readonly tokenInfo?: Readonly<Record<string, unknown>> | undefined;
}

/** Issues tokens with a key only this emulator has, and remembers them. */
export class TokenIssuer {
  readonly #ledger: TokenLedger;
  readonly #variants: WixEmulatorVariants;
  readonly #now: () => number;
  readonly #key = randomUUID();

  constructor(ledger: TokenLedger, variants: WixEmulatorVariants, now: () => number) {
    this.#ledger = ledger;
    this.#variants = variants;
    this.#now = now;
  }

  accessToken(whose: Pick<IssuedToken, 'app' | 'install' | 'subject'>, options: MintOptions = {}): string {
    const { bound = false, tokenInfo = {} } = options;
    return this.#write({ ...whose, ...this.#times(options), bound, tokenInfo }, options);
  }

  /** A token for the same identity and expiry that belongs to no browser session. */
  unbound(token: IssuedToken): string {
    return this.#write({ ...token, bound: false }, {});
  }

  refreshToken(install: EmulatedInstall, subject: TokenSubject): string {
    const { token, expiresAt } = writeRefreshToken(this.nowSeconds(), this.#key);
    this.#ledger.rememberRefreshToken(token, { install, subject, expiresAt });
    return token;
  }

  nowSeconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  #write(issued: IssuedToken, { forged = false, claims = {} }: MintOptions): string {
    const token = writeAccessToken(issued, forged ? randomUUID() : this.#key, claims);
    if (!forged) this.#ledger.remember(token, issued);
    return token;
  }

  #times({ expiresInSeconds, issuedAt }: MintOptions): Pick<IssuedToken, 'issuedAt' | 'expiresAt'> {
    const lifetime = this.#variants.accessTokenLifetimeSeconds;
    const now = this.nowSeconds();
    const issued = issuedAt === undefined ? undefined : Math.floor(Number(issuedAt) / 1000);
    const expiresAt = expiresInSeconds === undefined ? (issued ?? now) + lifetime : now + Math.floor(expiresInSeconds);
    return { issuedAt: issued ?? (expiresAt > now ? now : expiresAt - lifetime), expiresAt };
  }
}
