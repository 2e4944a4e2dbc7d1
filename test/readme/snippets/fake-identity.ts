import { Test } from '@nestjs/testing';
import { WixIdentityService, type WixInstanceId, type WixUserIdentity } from 'nestjs-wix-auth';

import { AppModule } from './quick-start.js';

const owner: WixUserIdentity = {
  type: 'user',
  appId: '69ce77e6-2ac1-42ee-bf80-736ef3218c9d',
  instanceId: '9f9c5c16-59c8-4708-8c25-855505daa954' as WixInstanceId,
  credentialType: 'access-token',
  expiresAt: new Date('2100-01-01'),
  userId: '29d8204a-3b82-4a98-8d86-2464a6b836da',
  isSiteOwner: true,
};

export const appWithFakeOwner = () =>
  Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(WixIdentityService)
    .useValue({ cached: () => owner, verify: () => Promise.resolve(owner) })
    .compile();
