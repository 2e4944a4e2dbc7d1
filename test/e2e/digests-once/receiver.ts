import 'reflect-metadata';

import { createKeyv } from '@keyv/redis';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WixAuthModule, WixDigest, type WixAuthOptions } from 'nestjs-wix-auth';

/** What a receiver is told. */
export interface ReceiverSetup extends WixAuthOptions {
  readonly redis: string;
  readonly port: number;
}

const [text = '{}'] = process.argv.slice(2);
const { redis, port, ...options } = JSON.parse(text) as ReceiverSetup;
const handled: unknown[] = [];

@Controller()
class PaymentsController {
  @Post('payments')
  @WixDigest({ once: true })
  pay(@Body() body: unknown) {
    handled.push(body);
    return {};
  }

  @Get('handled')
  handled() {
    return handled;
  }
}

@Module({
  imports: [WixAuthModule.forRoot({ ...options, cache: { stores: [createKeyv(redis)] } })],
  controllers: [PaymentsController],
})
class ReceiverModule {}

const app = await NestFactory.create(ReceiverModule, new FastifyAdapter(), { logger: false });
await app.listen(port, '127.0.0.1');
process.send?.({ ready: true });
