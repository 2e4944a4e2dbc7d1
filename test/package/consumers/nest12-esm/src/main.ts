import { checkGuardedApp } from './guarded-app.js';
import { checkInstalledApp } from './installed-app.js';

await checkGuardedApp();
await checkInstalledApp();
console.log('NestJS 12, ESM on Node: answered 200, 403 and 401, and was installed by both flows');
