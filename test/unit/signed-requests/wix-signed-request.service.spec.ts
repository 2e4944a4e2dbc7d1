import { createHash } from 'node:crypto';

import { AccessDecisions } from '../../../src/access/guards/access-decisions.js';
import { AuthEvents } from '../../../src/core/auth-events.js';
import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import { SignedDecisions } from '../../../src/signed-requests/signed-decisions.js';
import { SignedTokenVerifier } from '../../../src/signed-requests/signed-token.verifier.js';
import { WixSignedRequestService } from '../../../src/signed-requests/wix-signed-request.service.js';
import { APP_ID } from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { FakeClock } from '../../support/fake-clock.js';
import { keyPair, rs256 } from '../webhooks/signing.js';

const BODY = Buffer.from('{"order":1}');
const MINUTE_S = 60;
const DAY_S = 86_400;

describe('WixSignedRequestService', () => {
  const { publicKey, privateKey } = keyPair();
  const clock = new FakeClock();
  const events = new AuthEvents();
  const requests = new WixSignedRequestService(
    {
      verifier: new SignedTokenVerifier([publicKey], APP_ID, clock),
      known: new KnownInstances(clock),
      claims: { take: () => Promise.resolve('unavailable') },
      decisions: new SignedDecisions({ decisions: AccessDecisions.untold(events, clock), events }),
      clock,
    },
    { maxDepth: 100 },
  );
  /** A digest that Wix signed so many seconds ago, and that by itself holds for a day. */
  const digest = (ageS: number): string => {
    const iat = clock.nowS() - ageS;
    const data = { SHA256: createHash('sha256').update(BODY).digest('hex') };
    return rs256({ data, iat, exp: iat + DAY_S }, privateKey);
  };

  it.each([
    ['a digest of the last five minutes', 4 * MINUTE_S, {}, 'none'],
    ['no digest that is older, whatever its own expiration says', 7 * MINUTE_S, {}, 'WIX_CREDENTIALS_EXPIRED'],
    ['an older one where the route says so', 7 * MINUTE_S, { maxAgeMs: 3_600_000 }, 'none'],
    ['no older one than a route says', 3 * MINUTE_S, { maxAgeMs: 60_000 }, 'WIX_CREDENTIALS_EXPIRED'],
  ])('accepts %s', async (_, ageS, options, code) => {
    expect(await codeOf(() => requests.verifyDigest(digest(ageS), BODY, options))).toBe(code);
  });
});
