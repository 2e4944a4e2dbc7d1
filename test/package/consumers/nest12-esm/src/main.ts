import { createRequire } from 'node:module';

import * as esm from 'nestjs-wix-auth';

import { checkBothBuilds } from './both-builds.js';
import { checkGuardedApp } from './guarded-app.js';
import { checkInstalledApp } from './installed-app.js';
import { checkRequestScopes } from './request-scopes.js';

await checkGuardedApp();
await checkInstalledApp();
await checkRequestScopes();
await checkBothBuilds(esm, createRequire(import.meta.url)('nestjs-wix-auth') as typeof esm);
console.log('NestJS 12, ESM on Node: guarded, installed by both flows, and beside the CommonJS build');
