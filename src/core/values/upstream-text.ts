const MAX_LENGTH = 200;
const MAX_ID_LENGTH = 100;

/**
 * Text from outside, made safe for a message or a header: one line of plain ASCII, bounded, and without
 * anything that could be a credential (GUIDs included, because app secrets are GUIDs).
 */
export function upstreamText(text: string): string {
  const plain = beginningOf(text)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/["\\]/g, "'")
    .replace(/[\w.~+/=-]{32,}/g, (run) => (couldBeCredential(run) ? '[redacted]' : run))
    .trim();
  return plain.length > MAX_LENGTH ? `${plain.slice(0, MAX_LENGTH)}...` : plain;
}

// Cut between words: half a credential would not be recognized as one.
const beginningOf = (text: string): string =>
  text.length > 10 * MAX_LENGTH ? text.slice(0, 10 * MAX_LENGTH).replace(/\S+$/, '') : text;

// Scope ids are as long as credentials, but all upper case and without digits.
const couldBeCredential = (run: string): boolean => /\d/.test(run) || (/[a-z]/.test(run) && /[A-Z]/.test(run));

/** An id from outside (of a role, a policy), made safe for a message: bounded, and only with characters of ids. */
export const upstreamId = (id: string): string => id.slice(0, MAX_ID_LENGTH).replace(/[^\w.:-]+/g, '?');

/** Wix's id of a request, when it looks like one. */
export const requestIdText = (header: unknown): string | undefined =>
  typeof header === 'string' && /^[\w.:-]{1,100}$/.test(header) ? header : undefined;
