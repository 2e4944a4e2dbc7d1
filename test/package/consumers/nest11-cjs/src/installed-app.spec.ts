import { checkInstalledApp } from './installed-app';

describe('an app on NestJS 11 that sites can install, in CommonJS, under Jest', () => {
  it('completes both flows', checkInstalledApp);
});
