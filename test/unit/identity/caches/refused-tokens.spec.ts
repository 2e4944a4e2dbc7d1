import {
  WixCredentialsExpiredError,
  WixCredentialsRejectedError,
  WixCredentialsWrongAppError,
  WixUnavailableError,
} from '../../../../src/core/wix-auth.errors.js';
import { RefusedTokens } from '../../../../src/identity/caches/refused-tokens.js';

describe('RefusedTokens', () => {
  let refused: RefusedTokens;

  beforeEach(() => {
    refused = new RefusedTokens();
  });

  it.each([WixCredentialsRejectedError, WixCredentialsWrongAppError, WixCredentialsExpiredError])(
    'remembers a verdict (%p) until its time',
    (Verdict) => {
      const error = new Verdict('no');
      refused.remember('token', error, 1_000);

      expect(refused.find('token', 999)).toEqual(error);
      expect(refused.find('token', 1_000)).toBeUndefined();
      expect(refused.find('other', 0)).toBeUndefined();
    },
  );

  it.each([new WixUnavailableError('down'), new Error('unexpected'), undefined])('does not remember %p', (error) => {
    refused.remember('token', error, 1_000);

    expect(refused.find('token', 0)).toBeUndefined();
  });

  it('forgets the oldest of too many, so that invented tokens cannot fill the memory', () => {
    const error = new WixCredentialsRejectedError('no');
    for (let count = 0; count <= 10_000; count += 1) refused.remember(`token ${String(count)}`, error, 1_000);

    expect(refused.find('token 0', 0)).toBeUndefined();
    expect(refused.find('token 1', 0)).toEqual(error);
  });

  it('forgets all at once', () => {
    refused.remember('token', new WixCredentialsRejectedError('no'), 1_000);
    refused.clear();

    expect(refused.find('token', 0)).toBeUndefined();
  });
});
