import fc from 'fast-check';

import { bareCredential, readCredential } from '../../../src/identity/credential.js';
import { APP_SECRET } from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { accessToken, signedInstance } from '../../support/credentials.js';

const [, , HEADER = '', PAYLOAD = '', SIGNATURE = ''] = accessToken(1_800_000_000).split('.');
const JWT = [HEADER, PAYLOAD, SIGNATURE].join('.');

describe('readCredential', () => {
  it.each(['OauthNG.JWS', 'OAUTH2'])('reads %s and a JWT as an access token', (prefix) => {
    const text = `${prefix}.${JWT}`;

    expect(readCredential(text)).toEqual({ kind: 'access-token', text, payload: PAYLOAD });
  });

  it('reads a signature and data as a signed instance, in any base64', () => {
    const [signature = '', data = ''] = signedInstance(APP_SECRET, { instanceId: 'a' }).split('.');

    for (const signed of [data, 'ab+/cd==', 'ab-_cd']) {
      const text = `${signature}.${signed}`;
      expect(readCredential(text)).toEqual({ kind: 'signed-instance', text, signature, data: signed });
    }
  });

  it('reads nothing else, and does not change what it reads', async () => {
    const part = fc.constantFrom(
      'OauthNG',
      'JWS',
      'OAUTH2',
      'IST',
      HEADER,
      PAYLOAD,
      SIGNATURE,
      '',
      ' ',
      '=',
      'a+/',
      'ä',
    );
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.string()), async (given) => {
        const code = await codeOf(() => readCredential(given));
        if (code !== 'none') expect(['WIX_CREDENTIALS_MALFORMED', 'WIX_API_KEY_REFUSED']).toContain(code);
        else {
          const credential = readCredential(given);
          expect([credential.kind, credential.text]).toEqual([shapeOf(given), given]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('identifies an API key', async () => {
    expect(await codeOf(() => readCredential(`IST.${JWT}`))).toBe('WIX_API_KEY_REFUSED');
  });

  it.each([
    ['nothing', ''],
    ['a refresh token', `JWS.${JWT}`],
    ['a bare JWT', JWT],
    ['a token of the wrong prefix', `OauthNG.${JWT}`],
    ['the prefix in another casing', `oauthng.jws.${JWT}`],
    ['a token without a signature', `OauthNG.JWS.${HEADER}.${PAYLOAD}.`],
    ['a token without its signature part', `OauthNG.JWS.${HEADER}.${PAYLOAD}`],
    ['a token with one part more', `OauthNG.JWS.${JWT}.${SIGNATURE}`],
    ['a token and a line break', `OauthNG.JWS.${JWT}\n`],
    ['two tokens in one header', `OauthNG.JWS.${JWT}, OauthNG.JWS.${JWT}`],
    ['a token with other letters in it', `OauthNG.JWS.${JWT}ä`],
    ['a signature of the wrong length', `${'a'.repeat(42)}.data`],
    ['a signature alone', `${'a'.repeat(43)}.`],
    ['too much padding', `${'a'.repeat(43)}.data===`],
    ['padding in the middle', `${'a'.repeat(43)}.da=ta`],
    ['three parts', `${'a'.repeat(43)}.data.more`],
    ['a GUID', '11111111-2222-4333-8444-555555555555'],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['words', 'let me in'],
  ])('refuses %s', async (_what, text) => {
    expect(await codeOf(() => readCredential(text))).toBe('WIX_CREDENTIALS_MALFORMED');
  });

  it('does not repeat what it refuses', async () => {
    for (const text of [`JWS.${JWT}`, `IST.${JWT}`, `x.${JWT}`]) {
      const error: unknown = await Promise.resolve(text)
        .then(readCredential)
        .catch((failure: unknown) => failure);
      expect(String(error)).not.toContain(PAYLOAD);
    }
  });

  it('is fast on megabytes that resemble a credential', async () => {
    const before = performance.now();
    for (const text of ['a.'.repeat(500_000), `OauthNG.JWS.${'a'.repeat(1_000_000)}!`, '.'.repeat(1_000_000)]) {
      expect(await codeOf(() => readCredential(text))).toBe('WIX_CREDENTIALS_MALFORMED');
    }

    // Trying every division of such a text would take minutes.
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

describe('bareCredential', () => {
  it.each(['Bearer the-token', 'bearer the-token', 'BEARER the-token', 'bEaReR the-token', 'Bearer   the-token '])(
    'removes the scheme from %j',
    (header) => {
      expect(bareCredential(header)).toBe('the-token');
    },
  );

  it.each(['the-token', 'Bearer', 'Bearerthe-token', 'Basic the-token', 'Digest token', ''])(
    'leaves %j unchanged',
    (header) => {
      expect(bareCredential(header)).toBe(header);
    },
  );

  it('removes one scheme, not two', () => {
    expect(bareCredential('Bearer Bearer the-token')).toBe('Bearer the-token');
  });
});

// By parts, and not by a pattern like the one that is tested.
function shapeOf(text: string): string {
  const parts = text.split('.');
  const begin = ['OauthNG.JWS.', 'OAUTH2.'].find((prefix) => text.startsWith(prefix));
  if (begin !== undefined && text.slice(begin.length).split('.').filter(isBase64Url).length === 3) {
    return text.slice(begin.length).split('.').length === 3 ? 'access-token' : 'neither';
  }
  return parts.length === 2 && parts[0]?.length === 43 && isBase64Url(parts[0]) ? 'signed-instance' : 'neither';
}

const isBase64Url = (part: string): boolean =>
  part !== '' && Buffer.from(part, 'base64url').toString('base64url').slice(0, -1) === part.slice(0, -1);
