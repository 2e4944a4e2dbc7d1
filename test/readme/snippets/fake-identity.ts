import { Test } from '@nestjs/testing';
import type { WixInstanceId, WixUserIdentity } from 'nestjs-wix-auth';
import { fakeWixCaller } from 'nestjs-wix-auth/testing';

import { AppModule } from './app.module.js';

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
  fakeWixCaller(Test.createTestingModule({ imports: [AppModule] }), owner, {
    scopes: ['SCOPE.DC-STORES.MANAGE-PRODUCTS'],
  }).compile();
