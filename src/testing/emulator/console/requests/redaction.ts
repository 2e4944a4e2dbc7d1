import { isObject } from '../../wire/request-body.js';

const REDACTED = '[redacted]';

// By name, letters only: `client_secret`, `clientSecret`, `x-emulator-key`.
const SECRET_NAMES =
  /^(authorization|cookie|setcookie|(client|app)?secret|token|(access|refresh|session|id)token|code|codeverifier|state|instance|signedinstance|xwixinstance|apikey|xemulatorkey|assertion|digest|password)$/;

const isSecretName = (name: string): boolean => SECRET_NAMES.test(name.toLowerCase().replace(/[^a-z]/g, ''));

// Whatever its name: access tokens, refresh tokens, API keys, compact tokens, signed instances.
const CREDENTIAL = /(OauthNG\.|JWS\.|IST\.)?[\w-]{8,}\.[\w-]{16,}(\.[\w-]{16,})?/g;

/** A value with credentials replaced, by name and by form, at every depth. */
export function redacted(value: unknown): unknown {
  if (typeof value === 'string') return redactedText(value);
  if (Array.isArray(value)) return value.map(redacted);
  return isObject(value) ? redactedFields(value) : value;
}

/** The fields of an object with credentials replaced. */
export const redactedFields = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isSecretName(name) ? REDACTED : redacted(value)]),
  );

/** A text with what looks like a credential replaced. */
const redactedText = (text: string): string => text.replace(CREDENTIAL, REDACTED);

/** An address whose query names its parameters and hides secret values. */
export function redactedUrl(address: string): string {
  const url = new URL(address, 'http://emulator');
  for (const [name, value] of [...url.searchParams]) {
    url.searchParams.set(name, isSecretName(name) ? '…' : redactedText(value));
  }
  const shown = url.origin === 'http://emulator' ? `${url.pathname}${url.search}` : url.href;
  return decodeURI(shown);
}
