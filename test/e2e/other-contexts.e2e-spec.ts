import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { Injectable, UseGuards, type ExecutionContext, type INestApplication, type Provider } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { KafkaContext, NatsContext, RmqContext, RpcException, TcpContext } from '@nestjs/microservices';
import { WsException } from '@nestjs/websockets';
import { CredentialSource, WixAuthGuard, WixUserAuth, type WixAuthOptions } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { errorOf } from '../support/code-of.js';
import { siteWith } from '../support/emulated-site.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';

@Injectable()
class MessageHandlers {
  @UseGuards(WixAuthGuard)
  anyone() {
    return 'passed';
  }

  @WixUserAuth()
  user() {
    return 'passed';
  }
}

/** Reads the credential of any message from its data, however the kind of context is called. */
class DataCredentialSource extends CredentialSource {
  override presented(context: ExecutionContext): string | undefined {
    const { token } = context.getArgByIndex<{ token?: string }>(context.getType<string>() === 'ws' ? 1 : 0);
    return token;
  }
}

/** A handler as a transport of that kind calls it, guards first. What the guards throw is the transport's to tell. */
function called(nest: INestApplication, kind: string, name: keyof MessageHandlers): (...args: unknown[]) => unknown {
  const handlers = nest.get(MessageHandlers);
  const enhancers = { guards: true, interceptors: true, filters: false };
  const creator = nest.get(ExternalContextCreator);
  return creator.create(handlers, handlers[name], name, '', undefined, undefined, undefined, enhancers, kind);
}

// GraphQL servers read the code from the extensions, Nest's message transports from the payload, others from the error.
function codeIn(error: Error): unknown {
  const payload = error instanceof WsException || error instanceof RpcException ? error.getError() : undefined;
  return Reflect.get(Object(payload ?? Reflect.get(error, 'extensions') ?? error) as object, 'code');
}

const kinds = ['ws', 'rpc', 'graphql', 'telegram'] as const;

type Values = readonly [name: string, value: string | Buffer][];

function natsHeaders(values: Values): MsgHdrs {
  const all = headers();
  for (const [name, value] of values) all.append(name, String(value));
  return all;
}

// As their clients write them: one value, or a list of those that were repeated.
function record(values: Values): Record<string, unknown> {
  const [[name, first] = ['', ''], ...others] = values;
  return { [name]: others.length === 0 ? first : [first, ...others.map(([, value]) => value)] };
}

/** gRPC's own class, as far as its typings promise it: names are written in lower case. */
class Metadata {
  constructor(readonly values: Values) {}
  get = (name: string) => this.values.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  getMap = () => Object.fromEntries(this.values);
}

/** What Nest hands to handlers of microservices beside the data, for a message with these headers. */
const besideData = {
  nats: (values: Values) => new NatsContext(['orders', natsHeaders(values)]),
  kafka: (values: Values) =>
    new KafkaContext([{ headers: record(values) }, 0, 'orders'] as unknown as ConstructorParameters<
      typeof KafkaContext
    >[0]),
  rabbitmq: (values: Values) => new RmqContext([{ properties: { headers: record(values) } }, {}, 'orders']),
  grpc: (values: Values) => new Metadata(values),
} as const;
const transports = Object.keys(besideData) as readonly (keyof typeof besideData)[];

describe.each(platforms)('Contexts without an HTTP request, in an app on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  beforeEach(() => {
    wix.resetLog();
  });
  afterEach(() => running.close());
  afterAll(() => wix.stop());

  const start = async (...providers: Provider[]): Promise<void> => startWith({}, providers);
  const startWith = async (options: Partial<WixAuthOptions>, providers: Provider[] = []): Promise<void> => {
    const imports = [WixAuthTestingModule.forApp(wix, app, { ...options, providers })];
    running = await startApp(platform, { imports, providers: [MessageHandlers] });
  };
  const outcome = async (kind: string, name: keyof MessageHandlers, args: readonly unknown[]): Promise<unknown> => {
    const error = await errorOf(() => called(running.app, kind, name)(...args));
    return error === undefined ? 'passed' : codeIn(error);
  };

  it.each(kinds)('such as %s, are refused unless a source of credentials is configured', async (kind) => {
    await start();
    const token = siteWith(wix, app).ownerToken();
    const lookalike = { headers: { authorization: token }, handshake: { auth: { token } }, token };
    for (const args of [[lookalike, lookalike], [lookalike, lookalike, lookalike, {}], [], ['text', 1]]) {
      expect(await outcome(kind, 'anyone', args)).toBe('WIX_MISCONFIGURED');
    }
    expect(wix.count()).toBe(0);
  });

  it('admit a good credential with a configured source, and refuse others as usual', async () => {
    await start({ provide: CredentialSource, useClass: DataCredentialSource });
    for (const kind of ['ws', 'rpc', 'telegram']) {
      const messages = (token?: string) => (kind === 'ws' ? [{}, { token }] : [{ token }, {}]);
      const site = siteWith(wix, app);
      expect(await outcome(kind, 'user', messages(site.ownerToken()))).toBe('passed');
      expect(await outcome(kind, 'user', messages(site.visitorToken()))).toBe('WIX_IDENTITY_NOT_ALLOWED');
      expect(await outcome(kind, 'user', messages())).toBe('WIX_CREDENTIALS_MISSING');
      expect(await outcome(kind, 'anyone', messages('rubbish'))).toBe('WIX_CREDENTIALS_MALFORMED');
    }
  });

  it('admit a good credential in the metadata of a message, by the configured transports', async () => {
    await startWith({ messageTransports: transports });
    const site = siteWith(wix, app);
    const owner = site.ownerToken();
    for (const transport of transports) {
      const outcomeOf = (...values: Values) => outcome('rpc', 'user', [{}, besideData[transport](values)]);
      expect(await outcomeOf(['authorization', owner])).toBe('passed');
      expect(await outcomeOf(['Authorization', `Bearer ${owner}`])).toBe('passed');
      expect(await outcomeOf(['authorization', site.visitorToken()])).toBe('WIX_IDENTITY_NOT_ALLOWED');
      expect(await outcomeOf(['authorization', 'rubbish'])).toBe('WIX_CREDENTIALS_MALFORMED');
      expect(await outcomeOf(['authorization', owner], ['authorization', site.visitorToken()])).toBe(
        'WIX_CREDENTIALS_AMBIGUOUS',
      );
      expect(await outcomeOf(['token', owner])).toBe('WIX_CREDENTIALS_MISSING');
    }
    // Kafka's clients deliver bytes.
    const bytes = besideData.kafka([['authorization', Buffer.from(owner)]]);
    expect(await outcome('rpc', 'user', [{}, bytes])).toBe('passed');
    // What the message itself says never counts.
    const forged = { getSubject: 'orders', headers: { authorization: owner }, authorization: owner };
    expect(await outcome('rpc', 'user', [forged, new TcpContext([{} as never, 'orders'])])).toBe('WIX_MISCONFIGURED');
  });

  it('are refused by transports that are not configured', async () => {
    await startWith({ messageTransports: ['grpc', 'ws'] });
    const token = siteWith(wix, app).ownerToken();
    for (const transport of ['nats', 'kafka', 'rabbitmq'] as const) {
      const details = besideData[transport]([['authorization', token]]);
      expect(await outcome('rpc', 'user', [{}, details])).toBe('WIX_MISCONFIGURED');
    }
    expect(wix.count()).toBe(0);
  });

  it('may contain an HTTP request, as in GraphQL, whatever name its server uses', async () => {
    await start();
    const authorization = siteWith(wix, app).ownerToken();
    const request = { headers: { authorization }, rawHeaders: [] };
    for (const context of [{ req: request }, { request }, { reply: { request: { raw: request } } }]) {
      expect(await outcome('graphql', 'user', [{}, {}, context, {}])).toBe('passed');
    }
    const stranger = { req: { headers: {}, rawHeaders: [] } };
    expect(await outcome('graphql', 'user', [{}, {}, stranger, {}])).toBe('WIX_CREDENTIALS_MISSING');
  });
});
