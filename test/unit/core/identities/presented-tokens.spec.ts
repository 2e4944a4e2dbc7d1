import { inspect } from 'node:util';

import { PresentedTokens } from '../../../../src/core/identities/presented-tokens.js';
import type { AnyWixIdentity } from '../../../../src/core/identities/wix-identity.js';
import { APP_ID, INSTANCE } from '../../../support/app.js';

const identity: AnyWixIdentity = {
  type: 'visitor',
  appId: APP_ID,
  instanceId: INSTANCE,
  credentialType: 'access-token',
  expiresAt: new Date(),
};

describe('PresentedTokens', () => {
  it('returns the token of the very object it was stored for, and of no copy', () => {
    const presented = new PresentedTokens();
    presented.remember(identity, 'the token');

    expect(presented.of(identity)).toBe('the token');
    expect(presented.of({ ...identity })).toBeUndefined();
    expect(new PresentedTokens().of(identity)).toBeUndefined();
  });

  it('prints no token', () => {
    const presented = new PresentedTokens();
    presented.remember(identity, 'the token');

    expect(inspect([presented, identity], { depth: 10, showHidden: true })).not.toContain('the token');
  });
});
