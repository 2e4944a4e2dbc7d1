import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** An access token for Wix's APIs. Only {@link value} tells it; printing, logging or serialising shows `[redacted]`. */
export class WixAccessToken {
  /** When Wix stops accepting it. */
  readonly expiresAt: Date;
  readonly #value: string;

  constructor(value: string, expiresAt: Date) {
    this.#value = value;
    this.expiresAt = expiresAt;
    Object.freeze(this);
  }

  /** The token itself, as it stands in an `Authorization` header. */
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
