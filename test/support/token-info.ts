import { APP_ID, INSTANCE_TEXT, SITE_ID, USER_ID } from './app.js';

/** What token-info answers about an active token, `exp` in seconds: with numbers and booleans, as Wix's SDK types it. */
export const tokenInfo = (exp: number, overrides: object = {}): object => ({
  active: true,
  subjectType: 'USER',
  subjectId: USER_ID,
  exp,
  iat: exp - 14_400,
  clientId: APP_ID,
  accountId: '88888888-0000-4000-8000-000000000001',
  siteId: SITE_ID,
  instanceId: INSTANCE_TEXT,
  ...overrides,
});

/** The same with every value as text, as Wix's documentation shows it. */
export const asTexts = (info: object): object =>
  Object.fromEntries(Object.entries(info).map(([name, value]) => [name, String(value)]));
