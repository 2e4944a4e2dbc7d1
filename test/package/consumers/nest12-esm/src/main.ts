import { checkGuardedApp } from './guarded-app.js';

await checkGuardedApp();
console.log('NestJS 12, ESM on Node: answered 200, 403 and 401');
