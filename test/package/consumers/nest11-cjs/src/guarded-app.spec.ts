import { checkGuardedApp } from './guarded-app';

describe('an app on NestJS 11, in CommonJS, under Jest', () => {
  it('answers requests by the scopes its site granted', checkGuardedApp);
});
