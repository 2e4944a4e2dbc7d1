import { randomBytes, randomUUID } from 'node:crypto';

const SIGNATURE_BYTES = 32;

/**
 * Access tokens that look like a genuine one and that Wix never issued: anyone can invent them. Each is new; in turn
 * they name an unknown installation, one of those given, and always the same one.
 */
export function* inventedTokens(genuine: string, known: readonly string[]): Generator<string, never> {
  for (let index = 0; ; index += 1) {
    const named = [randomUUID(), known[index % known.length] ?? '', known[0] ?? ''][index % 3] ?? '';
    yield inventedToken(genuine, named);
  }
}

function inventedToken(genuine: string, instanceId: string): string {
  const [scheme, kind, header, payload = ''] = genuine.split('.');
  const claims = Buffer.from(payload, 'base64url').toString('utf8');
  const renamed = claims.replace(/(instanceId\\?":\\?")[^"\\]+/, `$1${instanceId}`);
  const signature = randomBytes(SIGNATURE_BYTES).toString('base64url');
  return [scheme, kind, header, Buffer.from(renamed).toString('base64url'), signature].join('.');
}
