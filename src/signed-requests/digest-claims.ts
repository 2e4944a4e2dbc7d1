/** A claim to a digest; what it was made for succeeded, or may be tried again. */
export interface DigestClaim {
  complete(): Promise<unknown>;
  release(): Promise<unknown>;
}

/** Remembers for all processes which digests were used. */
export abstract class DigestClaims {
  /**
   * Claims a digest, or reports that it was used, is in use, or that this is unknown.
   *
   * @param keepMs - How many milliseconds it is remembered once it was used.
   */
  abstract take(key: string, keepMs: number): Promise<DigestClaim | 'done' | 'in-progress' | 'unavailable'>;
}

/** A digest that Wix signed for the body of a request. */
export interface VerifiedDigest {
  /** Tells it from every other digest, however its signature is spelled. */
  readonly key: string;
  /** Milliseconds from now after which it is refused as too old, by any clock that is right within a minute. */
  readonly acceptedForMs: number;
}
