import { inspect } from 'node:util';

import { APP_ID, APP_SECRET, OLD_SECRET, app } from '../../support/app.js';

describe('AppCredentials', () => {
  it('sends the newest secret and keeps all of them as keys', () => {
    const credentials = app(APP_SECRET, OLD_SECRET);

    expect(credentials.revealSecret()).toBe(APP_SECRET);
    expect(credentials.secretKeys.map((key) => key.export().toString())).toEqual([APP_SECRET, OLD_SECRET]);
  });

  it('shows the app id and no secret, however it is printed', () => {
    const credentials = app(APP_SECRET, OLD_SECRET);
    const printed = [inspect(credentials, { depth: 10, showHidden: true }), JSON.stringify([credentials])].join();

    expect(printed).toContain(APP_ID);
    expect(printed).not.toContain(APP_SECRET);
    expect(printed).not.toContain(OLD_SECRET);
  });
});
