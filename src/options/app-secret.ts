/** Whether a text can be the app's secret. */
export const isAppSecret = (text: string): boolean => flawOf(text) === undefined;

/** The problems of the secrets, by their place in a list; never a value. */
export function secretFlaws(value: unknown): string {
  if (value === undefined || value === null) return 'It is missing.';
  if (!Array.isArray(value)) return sentence('It', flawOf(value));
  if (value.length === 0) return 'The list is empty.';
  return value
    .map((entry: unknown, index) => sentence(`Number ${String(index + 1)} of the list`, flawOf(entry)))
    .filter((text) => text !== '')
    .join(' ');
}

const sentence = (subject: string, flaw: string | undefined): string =>
  flaw === undefined ? '' : `${subject} ${flaw}.`;

function flawOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'is not text';
  if (value.trim() === '') return 'is empty';
  if (value.trim() !== value) return 'has surrounding spaces or line breaks';
  if (/^(["'`]).*\1$/s.test(value)) return 'is wrapped in quotes';
  if (value.startsWith('IST.')) return 'is an API key (IST...), which is not for third-party apps';
  if (value.includes('-----BEGIN')) return 'is a key in PEM format; the public key belongs in publicKey';
  return undefined;
}
