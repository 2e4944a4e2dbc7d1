import { trustedInstanceId } from '../../../src/core/wix-instance-id.js';
import { INSTANCE_TEXT, app } from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { signedInstance } from '../../support/credentials.js';

describe('trustedInstanceId', () => {
  it('takes a GUID in any casing and writes it in one', () => {
    expect(trustedInstanceId(INSTANCE_TEXT.toUpperCase())).toBe(INSTANCE_TEXT);
  });

  it.each(['', 'aaaa', `${INSTANCE_TEXT} `, `${INSTANCE_TEXT}\n`, signedInstance(app().revealSecret(), {})])(
    'refuses %j',
    async (text) => {
      expect(await codeOf(() => trustedInstanceId(text))).toBe('WIX_MISCONFIGURED');
    },
  );
});
