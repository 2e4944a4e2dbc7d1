import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Keyv } from 'keyv';
import { OnWixEvent, WixAuthModule, WixWebhookService, type WixEvent } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { codeOf } from '../../support/code-of.js';
import { untilTrue } from '../../support/until-true.js';

const EVENTS = 120;
const SENDERS = 6;
const LOST_AT = 40;
// A claim of half a minute whose reply was lost with the server may have to end first.
const TAKEN_WITHIN_MS = 60_000;
const CLOSED_WITHIN_MS = 12_000;

@Injectable()
class Orders {
  readonly ran: number[] = [];

  @OnWixEvent('order_paid')
  take({ data }: WixEvent): void {
    this.ran.push(Number(Reflect.get(Object(data) as object, 'order')));
  }
}

/** Servers of which one is lost while they are used. */
export interface FailingServers {
  /** Called once something is stored. */
  prepare?(): Promise<void>;
  loseMaster(): Promise<void>;
  stop(): Promise<void>;
}

/** A client, by the words for it: starts its servers, and makes one for each process. */
export type FailingClient = readonly [
  string,
  () => Promise<{ readonly servers: FailingServers; readonly keyvOf: () => Keyv }>,
];

/** Tests that events are neither lost nor doubled when the servers lose a master under load. */
export function testFailover(clients: readonly FailingClient[]): void {
  let servers: FailingServers | undefined;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
  });
  afterEach(() => servers?.stop());
  afterAll(() => wix.stop());

  const startProcess = (keyv: Keyv): Promise<INestApplicationContext> => {
    @Module({
      imports: [
        WixAuthModule.forRoot({
          ...emulatedOptions(wix, app, { publicKey: app.publicKey }),
          cache: { stores: [keyv] },
          webhooks: {},
        }),
      ],
      providers: [Orders],
    })
    class AppModule {}

    return NestFactory.createApplicationContext(AppModule, { logger: false });
  };

  /** Sends events as Wix does, each until it is taken; tells which were under way when the server was lost. */
  const sendAll = async (processes: readonly INestApplicationContext[]): Promise<ReadonlySet<number>> => {
    const orders = Array.from({ length: EVENTS }, (_, order) => order);
    const underWay = new Set<number>();
    const atTheLoss = new Set<number>();
    let taken = 0;
    const ran = (order: number): boolean => processes.some((one) => one.get(Orders).ran.includes(order));

    const take = async (order: number): Promise<void> => {
      const body = wix.send.webhookBody(install, { type: 'order_paid', data: { order } });
      const to = processes[order % processes.length]?.get(WixWebhookService);
      underWay.add(order);
      // What was under way at the loss may be claimed for half a minute although its reply was lost: that it ran is enough.
      await untilTrue(
        async () => (await codeOf(() => to?.receive(body))) === 'none' || (atTheLoss.has(order) && ran(order)),
        TAKEN_WITHIN_MS,
      );
      underWay.delete(order);
      taken += 1;
      if (taken === 1) await servers?.prepare?.();
      if (taken !== LOST_AT) return;
      for (const each of underWay) atTheLoss.add(each);
      await servers?.loseMaster();
    };
    const send = async (): Promise<void> => {
      for (let order = orders.shift(); order !== undefined; order = orders.shift()) await take(order);
    };
    await take(orders.shift() ?? 0);
    await Promise.all(Array.from({ length: SENDERS }, send));
    return atTheLoss;
  };

  it.each(clients)(
    'run each event once, except those in progress (%s)',
    async (_client, start) => {
      const started = await start();
      servers = started.servers;
      const { keyvOf } = started;
      const processes = await Promise.all([startProcess(keyvOf()), startProcess(keyvOf())]);
      const atTheLoss = await sendAll(processes);
      const ran = processes.flatMap((one) => one.get(Orders).ran);
      const again = ran.filter((order, index) => ran.indexOf(order) !== index);

      expect(new Set(ran).size).toBe(EVENTS);
      expect(again.filter((order) => !atTheLoss.has(order))).toEqual([]);

      const startMs = performance.now();
      await Promise.all(processes.map((one) => one.close()));
      expect(performance.now() - startMs).toBeLessThan(CLOSED_WITHIN_MS);
    },
    120_000,
  );
}
