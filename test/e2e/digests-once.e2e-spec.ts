import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BadRequestException, Controller, Post, type Provider } from '@nestjs/common';
import { AccessAudit, EventLedger, WixClock, WixDigest, type WixAccessDecision } from 'nestjs-wix-auth';
import { emulatedOptions, WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { compileInto, kill, startProcess } from '../support/compiled.js';
import { deferred } from '../support/deferred.js';
import { FakeClock } from '../support/fake-clock.js';
import { freePort } from '../support/free-port.js';
import { LocalServer } from '../support/local-server.js';
import { RecordedTraces } from '../support/recorded-traces.js';
import { RedisServer } from '../support/redis-server.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';
import { untilTrue } from '../support/until-true.js';
import type { ReceiverSetup } from './digests-once/receiver.js';

const MAIN = 'test/e2e/digests-once/receiver';

/** A request as Wix sent it, as an attacker captures it. */
interface Captured {
  readonly digest: string;
  readonly body: string;
}

/** What Wix sends with a digest, captured on its way. */
async function captured(wix: WixEmulator, app: EmulatedApp, body: object): Promise<Captured> {
  const digests: (string | string[] | undefined)[] = [];
  const server = new LocalServer((request, response) => {
    digests.push(request.headers['digest']);
    response.end();
  });
  await wix.send.withDigest(app, await server.start(), JSON.stringify(body));
  await server.stop();
  return { digest: String(digests[0]), body: JSON.stringify(body) };
}

async function post(url: string, { digest, body }: Captured): Promise<number> {
  const headers = { 'content-type': 'application/json', digest };
  return (await fetch(url, { method: 'POST', body, headers })).status;
}

describe('A digest that is valid once, with two processes and Redis', () => {
  const home = mkdtempSync(join(tmpdir(), 'digests-once-'));
  let redis: RedisServer;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let urls: readonly string[];
  let receivers: readonly ChildProcess[];

  beforeAll(async () => {
    compileInto(home, [`${MAIN}.ts`]);
    [redis, wix] = await Promise.all([RedisServer.start(), WixEmulator.start()]);
    app = wix.addApp();
    const setups: ReceiverSetup[] = [await freePort(), await freePort()].map((port) => ({
      ...emulatedOptions(wix, app, { publicKey: app.publicKey }),
      redis: redis.url,
      port,
    }));
    urls = setups.map(({ port }) => `http://127.0.0.1:${String(port)}`);
    receivers = await Promise.all(setups.map((setup) => startProcess(join(home, `${MAIN}.js`), setup)));
  });
  afterAll(async () => {
    await Promise.all(receivers.map(kill));
    await Promise.all([redis.stop(), wix.stop()]);
    rmSync(home, { recursive: true });
  });

  const handled = async (): Promise<readonly unknown[]> => {
    const answers = await Promise.all(urls.map((url) => fetch(`${url}/handled`)));
    return (await Promise.all(answers.map((answer) => answer.json() as Promise<unknown[]>))).flat();
  };

  it('reaches one handler, however often and wherever it is sent', async () => {
    const body = { payment: 1 };
    const request = await captured(wix, app, body);
    const statuses = await Promise.all(urls.flatMap((url) => [1, 2, 3].map(() => post(`${url}/payments`, request))));

    expect(statuses.filter((status) => status === 201)).toEqual([201]);
    expect(statuses.filter((status) => ![201, 401, 503].includes(status))).toEqual([]);
    expect(await handled()).toEqual([body]);
    expect(await Promise.all(urls.map((url) => post(`${url}/payments`, request)))).toEqual([401, 401]);
  });

  it('reaches no handler while Redis is down, and one when Redis is back', async () => {
    const request = await captured(wix, app, { payment: 2 });
    await redis.kill();
    expect(await post(`${String(urls[0])}/payments`, request)).toBe(503);

    await redis.startAgain();
    await untilTrue(async () => (await post(`${String(urls[1])}/payments`, request)) === 201);
    expect((await handled()).filter((body) => JSON.stringify(body) === request.body)).toHaveLength(1);
  });
});

describe.each(platforms)('A digest that is valid once, on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;
  let answer: () => Promise<object>;
  let handledTimes: number;

  @Controller('payments')
  class PaymentsController {
    @Post()
    @WixDigest({ once: true })
    pay(): Promise<object> {
      handledTimes += 1;
      return answer();
    }

    @Post('any-number')
    @WixDigest()
    payAgain(): object {
      return {};
    }
  }

  @Controller('refunds')
  @WixDigest({ once: true })
  class RefundsController {
    @Post()
    @WixDigest({ once: true, maxAgeMs: 60_000 })
    refund(): object {
      return {};
    }
  }

  const start = async (...providers: Provider[]) => {
    const options = { publicKey: app.publicKey, providers: [{ provide: WixClock, useValue: clock }, ...providers] };
    running = await startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, app, options)],
      controllers: [PaymentsController, RefundsController],
    });
  };
  const send = (request: Captured, path = '/payments') => post(`${running.url}${path}`, request);

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
  });
  beforeEach(() => {
    handledTimes = 0;
    answer = () => Promise.resolve({});
  });
  afterEach(() => running.close());
  afterAll(() => wix.stop());

  it('is refused the second time, also on another route and however its signature is encoded', async () => {
    await start();
    const request = await captured(wix, app, { payment: 1 });
    expect(await send(request)).toBe(201);

    expect(await send(request)).toBe(401);
    expect(await send(request, '/refunds')).toBe(401);
    for (const digest of [`JWT=${request.digest}`, ...otherSpellings(request.digest)]) {
      expect(await send({ ...request, digest })).toBe(401);
    }
    expect(handledTimes).toBe(1);
  });

  it('is a new one when Wix signs the same body later', async () => {
    await start();
    expect(await send(await captured(wix, app, { payment: 1 }))).toBe(201);
    clock.advance(1_000);

    expect(await send(await captured(wix, app, { payment: 1 }))).toBe(201);
  });

  it('is valid again when the handler failed', async () => {
    await start();
    const request = await captured(wix, app, { payment: 1 });
    answer = () => Promise.reject(new BadRequestException());
    expect(await send(request)).toBe(400);
    answer = () => Promise.resolve({});

    expect(await send(request)).toBe(201);
    expect(await send(request)).toBe(401);
  });

  it('is refused while the first request is in progress', async () => {
    await start();
    const request = await captured(wix, app, { payment: 1 });
    const [reached, gate] = [deferred<undefined>(), deferred<object>()];
    answer = () => {
      reached.resolve(undefined);
      return gate.promise;
    };
    const first = send(request);
    await reached.promise;

    expect(await send(request)).toBe(503);
    gate.resolve({});
    expect(await first).toBe(201);
    expect(handledTimes).toBe(1);
  });

  it('is reported as one decision, whichever of two steps decides', async () => {
    const refused: unknown[] = [];
    const useValue = { decided: ({ decision, code }: WixAccessDecision) => void refused.push([decision, code]) };
    await start({ provide: AccessAudit, useValue });
    const traces = new RecordedTraces();
    const request = await captured(wix, app, { payment: 7 });
    await send({ ...request, body: '{"payment":8}' });
    expect(await send(request)).toBe(201);
    expect(await send(request)).toBe(401);
    traces.stop();
    const no = { outcome: 'refused', code: 'WIX_CREDENTIALS_REJECTED' };
    expect(traces.over('decision')).toMatchObject([no, { outcome: 'success' }, no]);
    expect(refused).toEqual([
      ['refused', no.code],
      ['refused', no.code],
    ]);
  });

  it('is claimed once where both a class and its method require it', async () => {
    await start();
    const request = await captured(wix, app, { refund: 1 });

    expect(await send(request, '/refunds')).toBe(201);
    expect(await send(request, '/refunds')).toBe(401);
  });

  it('is remembered until it is too old', async () => {
    await start();
    const request = await captured(wix, app, { payment: 1 });
    expect(await send(request)).toBe(201);
    clock.advance(359_000);

    expect(await send(request, '/payments/any-number')).toBe(201);
    expect(await send(request)).toBe(401);
  });

  it('cannot be accepted while the ledger fails', async () => {
    await start({ provide: EventLedger, useValue: { claim: () => Promise.reject(new Error('away')) } });

    expect(await send(await captured(wix, app, { payment: 1 }))).toBe(503);
    expect(handledTimes).toBe(0);
  });
});

/** The same token, with other spare bits at the end of its signature. */
function otherSpellings(token: string): readonly string[] {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const bytes = Buffer.from(signature, 'base64url');
  return alphabet
    .split(/(?=.)/)
    .map((last) => `${token.slice(0, -1)}${last}`)
    .filter((other) => other !== token && bytes.equals(Buffer.from(other.slice(-signature.length), 'base64url')));
}
