import type { INestApplication } from '@nestjs/common';
import { wixCorsOptions } from 'nestjs-wix-auth';

export const allowWixFrontEnds = (app: INestApplication): void => {
  app.enableCors(wixCorsOptions({ origin: ['https://www.my-shop.com', /\.wixsite\.com$/] }));
};
