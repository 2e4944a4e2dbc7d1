const BASE_MS = 100;
const CAP_MS = 2_000;

/**
 * How long to wait before attempt number `attempt` + 1, in milliseconds: what the server asked for, else a random
 * time below an exponentially growing bound (full jitter), so that many clients do not return together.
 */
export const backoffMs = (attempt: number, requestedMs?: number): number =>
  requestedMs ?? Math.random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt);
