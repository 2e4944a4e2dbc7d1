import { checkGuardedApp } from './guarded-app';

void checkGuardedApp().then(() => {
  console.log('NestJS 11, CommonJS on Node: answered 200, 403 and 401');
});
