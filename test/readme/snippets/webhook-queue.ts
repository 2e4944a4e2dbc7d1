import { createKeyv } from '@keyv/redis';
import { BullModule } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { WixAuthModule, WixEventQueue, type WixAuthOptions } from 'nestjs-wix-auth';
import { bullMqEventQueue } from 'nestjs-wix-auth/bullmq';

export const withQueue = (options: WixAuthOptions & { publicKey: string }, redisUrl: string) =>
  WixAuthModule.forRoot({
    ...options,
    cache: { stores: [createKeyv(redisUrl)] }, // the ledger of handlers, for all workers
    webhooks: { mode: 'queue' },
    imports: [
      BullModule.forRoot({ connection: { url: redisUrl } }),
      BullModule.registerQueue({ name: 'wix-events' }), // a queue of its own
    ],
    providers: [bullMqEventQueue('wix-events')],
  });

@Injectable()
export class DeadLetters {
  constructor(private readonly queue: WixEventQueue) {}

  async replayAllOf(type: string): Promise<number> {
    const letters = (await this.queue.deadLetters()).filter((letter) => letter.type === type);
    for (const { id } of letters) await this.queue.replay(id);
    return letters.length;
  }
}
