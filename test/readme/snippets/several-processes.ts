import { createKeyv } from '@keyv/redis';
import { WixAuthModule, type WixAuthOptions } from 'nestjs-wix-auth';

export const inEveryProcess = (options: WixAuthOptions, redisUrl: string) =>
  WixAuthModule.forRoot({ ...options, cache: { stores: [createKeyv(redisUrl)] } });
