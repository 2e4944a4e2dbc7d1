import { checkGuardedApp } from './guarded-app';
import { checkInstalledApp } from './installed-app';

void checkGuardedApp()
  .then(checkInstalledApp)
  .then(() => {
    console.log('NestJS 11, CommonJS on Node: answered 200, 403 and 401, and was installed by both flows');
  });
