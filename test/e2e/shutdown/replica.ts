import 'reflect-metadata';

import { appendFileSync } from 'node:fs';

import KeyvRedis, { createKeyv } from '@keyv/redis';
import { Controller, Injectable, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Keyv } from 'keyv';
import { trustedInstanceId, OnWixEvent, WixAuthModule, WixHttpService, type WixEvent } from 'nestjs-wix-auth';
import { map, type Observable } from 'rxjs';

import { deferred } from '../../support/deferred.js';
import { newProduct } from '../../support/new-product.js';
import type { ReplicaReport, ReplicaSetup } from './orders.js';

const [text = '{}'] = process.argv.slice(2);
const { redis, cluster, mode, finishedPath, ...options } = JSON.parse(text) as ReplicaSetup;

const onCluster = (nodes: readonly string[]): Keyv =>
  new Keyv({ store: new KeyvRedis({ rootNodes: nodes.map((url) => ({ url })) }) });
const store = cluster !== undefined ? onCluster(cluster) : redis && createKeyv(redis);

const finish = deferred<undefined>();
const report = (what: ReplicaReport): void => void process.send?.(what);
process.on('message', () => finish.resolve(undefined));

@Injectable()
class SlowHandlers {
  @OnWixEvent('thing_created')
  async take({ id = '' }: WixEvent): Promise<void> {
    report({ began: id });
    await finish.promise;
    appendFileSync(finishedPath, `${id}\n`);
  }
}

@Controller()
class ProductsController {
  constructor(private readonly wix: WixHttpService) {}

  @Post('products/:instanceId')
  create(@Param('instanceId') instanceId: string): Observable<unknown> {
    return this.wix
      .asInstance(trustedInstanceId(instanceId))
      .post('/stores/v3/products', { product: newProduct('Mug') })
      .pipe(map(({ status }) => ({ status })));
  }
}

@Module({
  imports: [
    WixAuthModule.forRoot({
      ...options,
      ...(store !== undefined && store !== '' && { cache: { stores: [store] } }),
      webhooks: { mode },
    }),
  ],
  controllers: [ProductsController],
  providers: [SlowHandlers],
})
class ReplicaModule {}

const app = await NestFactory.create(ReplicaModule, { logger: ['warn', 'error'] });
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
report({ url: (await app.getUrl()).replace('[::1]', '127.0.0.1') });
