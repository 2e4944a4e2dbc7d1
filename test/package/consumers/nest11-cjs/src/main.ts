import { resolve } from 'node:path';

import * as commonjs from 'nestjs-wix-auth';

import { checkBothBuilds } from './both-builds.js';
import { checkGuardedApp } from './guarded-app.js';
import { checkInstalledApp } from './installed-app.js';
import { checkRequestScopes } from './request-scopes.js';

// Node requires ES modules, but only by their path: by its name the package is CommonJS here.
const esm = require(resolve('node_modules/nestjs-wix-auth/dist/esm/index.js')) as typeof commonjs;

void checkGuardedApp()
  .then(checkInstalledApp)
  .then(checkRequestScopes)
  .then(() => checkBothBuilds(commonjs, esm))
  .then(() => {
    console.log('NestJS 11, CommonJS on Node: guarded, installed by both flows, and beside the ESM build');
  });
