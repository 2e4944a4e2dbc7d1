const MAX_LENGTH = 200;

/**
 * Text from outside, made fit to stand in a message or a header: one line of plain ASCII, bounded, and without
 * anything that could be a credential (GUIDs included, because app secrets are GUIDs).
 */
export function upstreamText(text: string): string {
  const plain = text
    .slice(0, 10 * MAX_LENGTH)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/["\\]/g, "'")
    .replace(/[\w.~+/=-]{32,}/g, (run) => (couldBeCredential(run) ? '[redacted]' : run))
    .trim();
  return plain.length > MAX_LENGTH ? `${plain.slice(0, MAX_LENGTH)}...` : plain;
}

// Scope ids are as long as credentials, but all upper case and without digits.
const couldBeCredential = (run: string): boolean => /\d/.test(run) || (/[a-z]/.test(run) && /[A-Z]/.test(run));

/** Wix's id of a request, when it looks like one. */
export const requestIdText = (header: unknown): string | undefined =>
  typeof header === 'string' && /^[\w.:-]{1,100}$/.test(header) ? header : undefined;
