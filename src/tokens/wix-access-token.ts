import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** An access token for Wix's APIs. Only {@link value} shows it; printing, logging or serializing shows `[redacted]`. */
export class WixAccessToken {
  readonly #expiresAtMs: number;
  readonly #value: string;

  constructor(value: string, expiresAt: Date) {
    this.#value = value;
    this.#expiresAtMs = expiresAt.getTime();
    Object.freeze(this);
  }

  /** When Wix stops accepting it. A new date each time, since all callers share the token. */
  get expiresAt(): Date {
    return new Date(this.#expiresAtMs);
  }

  /** The token itself, as sent in an `Authorization` header. */
  get value(): string {
    return this.#value;
  }

  /** `[redacted]` */
  toString(): string {
    return REDACTED;
  }

  /** `[redacted]` */
  toJSON(): string {
    return REDACTED;
  }

  /** `[redacted]` */
  [inspect.custom](): string {
    return REDACTED;
  }
}
