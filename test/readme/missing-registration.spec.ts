import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WixHttpService } from 'nestjs-wix-auth';

import { errorOf } from '../support/code-of.js';

const page = readFileSync(join(process.cwd(), 'docs/errors/WIX_MISCONFIGURED.md'), 'utf8');

@Injectable()
class OrdersService {
  constructor(readonly wix: WixHttpService) {}
}

@Module({ providers: [OrdersService] })
class OrdersModule {}

describe('One of our services injected where no registration is visible', () => {
  it('causes the Nest error that the manual quotes', async () => {
    const error = await errorOf(() => Test.createTestingModule({ imports: [OrdersModule] }).compile());

    expect(error?.message).toContain('WixHttpService');
    expect(page).toContain(error?.message.split('\n')[0]);
  });
});
