import { Test } from '@nestjs/testing';
import { fakeWixCaller, fakeWixIdentity } from 'nestjs-wix-auth/testing';

import { AppModule } from './app.module.js';

export const appWithFakeOwner = () =>
  fakeWixCaller(Test.createTestingModule({ imports: [AppModule] }), fakeWixIdentity('user', { isSiteOwner: true }), {
    scopes: ['SCOPE.DC-STORES.MANAGE-PRODUCTS'],
    answers: { 'POST /stores/v3/products': { product: { id: '7' } } },
  }).compile();
