import * as library from 'feature-library';
import * as application from 'nestjs-wix-auth';

import { checkBothBuilds } from './both-builds.js';

await checkBothBuilds(application, library as unknown as typeof application);
console.log('pnpm workspace, NestJS 12: the copy of the application beside the copy of a library');
