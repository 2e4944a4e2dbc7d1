import { randomBytes } from 'node:crypto';

import type { EmulatedInstall } from '../world/emulated-install.js';

const LIFETIME_MS = 600_000;

interface IssuedCode {
  readonly install: EmulatedInstall;
  readonly issuedAtMs: number;
  isUsed: boolean;
}

/** The result of checking a code. */
export type CodeVerdict =
  { readonly state: 'unknown' | 'used' | 'expired' } | { readonly state: 'good'; readonly install: EmulatedInstall };

/** The codes of custom authentication: valid once, for ten minutes. */
export class AuthorizationCodes {
  readonly #codes = new Map<string, IssuedCode>();

  issue(install: EmulatedInstall, issuedAtMs: number): string {
    const code = randomBytes(24).toString('hex');
    this.#codes.set(code, { install, issuedAtMs, isUsed: false });
    return code;
  }

  /** Issues one that is too old already. */
  issueExpired(install: EmulatedInstall, nowMs: number): string {
    return this.issue(install, nowMs - LIFETIME_MS);
  }

  /** The last code of this installation that was exchanged, for a fault. */
  lastUsed(install: EmulatedInstall): string | undefined {
    const used = [...this.#codes].filter(([, code]) => code.install === install && code.isUsed);
    return used.at(-1)?.[0];
  }

  /** Checks a code, and marks it as used when it is good. */
  use(code: string, nowMs: number): CodeVerdict {
    const issued = this.#codes.get(code);
    if (!issued) return { state: 'unknown' };
    if (issued.isUsed) return { state: 'used' };
    if (issued.issuedAtMs + LIFETIME_MS <= nowMs) return { state: 'expired' };
    issued.isUsed = true;
    return { state: 'good', install: issued.install };
  }
}
