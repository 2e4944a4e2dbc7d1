import { AppCredentials } from '../../src/core/app-credentials.js';
import { trustedInstanceId } from '../../src/core/identities/trusted-instance.js';
import { instanceIdFromWix } from '../../src/core/identities/wix-instance-id.js';

export const APP_ID = 'a1111111-2222-4333-8444-55555555555f';
export const OTHER_APP_ID = 'b9999999-2222-4333-8444-55555555555f';
export const APP_SECRET = 'c0ffee00-5ec7-4e75-8bad-f00dc0ffee00';
export const OLD_SECRET = '01d01d01-5ec7-4e75-8bad-f00d01d01d01';
export const SITE_ID = '77777777-0000-4000-8000-000000000001';
export const USER_ID = '66666666-0000-4000-8000-000000000001';
export const OWNER_ID = '66666666-0000-4000-8000-000000000002';
export const API_URL = 'https://wix.test';

export const INSTANCE_TEXT = 'aaaaaaaa-1111-4111-8111-111111111111';
export const INSTANCE = instanceIdFromWix(INSTANCE_TEXT);
export const OTHER_INSTANCE = instanceIdFromWix('bbbbbbbb-2222-4222-8222-222222222222');
/** The same, vouched for. */
export const TRUSTED_INSTANCE = trustedInstanceId(INSTANCE);
export const OTHER_TRUSTED_INSTANCE = trustedInstanceId(OTHER_INSTANCE);

/** The app's credentials, newest secret first. */
export const app = (...secrets: [string, ...string[]] | []): AppCredentials => {
  const [newest = APP_SECRET, ...older] = secrets;
  return new AppCredentials(APP_ID, [newest, ...older]);
};
