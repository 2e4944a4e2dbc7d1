import { checkGuardedApp } from './guarded-app';
import { checkInstalledApp } from './installed-app';
import { checkSdkModules } from './sdk-modules';

void checkGuardedApp()
  .then(checkInstalledApp)
  .then(checkSdkModules)
  .then(() => {
    console.log(
      'NestJS 11, CommonJS on Node: answered 200, 403 and 401, and was installed by both flows, and called Wix by its SDK',
    );
  });
