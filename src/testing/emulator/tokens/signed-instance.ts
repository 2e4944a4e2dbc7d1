import { createHmac } from 'node:crypto';

/** The fields of a signed instance. */
export type InstanceFields = Readonly<Record<string, unknown>>;

/** Writes `<signature>.<data>`, signed with the app's secret over the characters of `data`. */
export function writeSignedInstance(fields: InstanceFields, secret: string, padded = false): string {
  const bytes = Buffer.from(JSON.stringify(fields));
  const data = padded ? bytes.toString('base64') : bytes.toString('base64url');
  return `${signatureOf(data, secret)}.${data}`;
}

/** Reads a signed instance, or returns `undefined` for anything that is not one. Checks no signature. */
export function readSignedInstance(text: string): InstanceFields | undefined {
  const [, data, ...more] = text.split('.');
  if (data === undefined || more.length > 0) return undefined;
  try {
    const fields: unknown = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
    return typeof fields === 'object' && fields !== null ? (fields as InstanceFields) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the text was signed with this secret. */
export function isSignedBy(text: string, secret: string): boolean {
  const [signature, data = ''] = text.split('.');
  return signature === signatureOf(data, secret);
}

const signatureOf = (data: string, secret: string): string =>
  createHmac('sha256', secret).update(data).digest('base64url');
