import { Module } from '@nestjs/common';
import { WixAuthModule, type WixAuthOptions } from 'nestjs-wix-auth';

import { ProductsController } from './products.controller.js';

export const featureOf = (options: WixAuthOptions) => {
  @Module({
    imports: [WixAuthModule.forRoot({ ...options, isGlobal: false })],
    controllers: [ProductsController],
  })
  class FeatureModule {}

  return FeatureModule;
};
