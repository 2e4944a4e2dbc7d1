import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  Injectable,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import {
  Args,
  GqlExecutionContext,
  GraphQLModule,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ObjectType,
  Field,
  Subscription,
} from '@nestjs/graphql';
import { createClient, type Client } from 'graphql-ws';
import {
  RequireScopes,
  WixAuthGuard,
  WixClock,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixPublic,
  WixUserAuth,
  WixWebhookService,
  wixIdentityOf,
  type AnyWixIdentity,
  type WixMessageTransport,
} from 'nestjs-wix-auth';
import {
  accessMatrix,
  leastPrivilege,
  WixAuthTestingModule,
  WixEmulator,
  type EmulatedApp,
} from 'nestjs-wix-auth/testing';
import { firstValueFrom, map, type Observable } from 'rxjs';
import { WebSocket } from 'ws';

import { MANAGE_PRODUCTS, READ_PRODUCTS, siteWith, TOKEN_INFO } from '../support/emulated-site.js';
import { deferred } from '../support/deferred.js';
import { FakeClock } from '../support/fake-clock.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

/** Answers who is calling, as Nest's context and the one of GraphQL around it tell. */
@Injectable()
class TellsCaller implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const contexts = [context, GqlExecutionContext.create(context)];
    const callers = contexts.map((one) => wixIdentityOf(one)?.instanceId ?? 'nobody');
    return next.handle().pipe(map(() => callers));
  }
}

@ObjectType()
class Shop {
  @Field(() => String)
  name = '';
}

@Resolver(() => Shop)
class ShopResolver {
  constructor(private readonly wix: WixHttpService) {}

  @Query(() => Shop)
  @WixPublic()
  shop(): Shop {
    return { name: 'Flowers' };
  }

  @ResolveField(() => String)
  @WixUserAuth()
  revenue(@Parent() { name }: Shop, @WixIdentity('userId') userId: string): string {
    return `${name} for ${userId}`;
  }

  @Query(() => String)
  @UseGuards(WixAuthGuard)
  caller(@WixIdentity() identity: AnyWixIdentity): string {
    return identity.type;
  }

  @Query(() => [String])
  @UseGuards(WixAuthGuard)
  @UseInterceptors(TellsCaller)
  tenant(): string[] {
    return [];
  }

  @Query(() => [String])
  @UseInterceptors(TellsCaller)
  tenantOfUnguarded(): string[] {
    return [];
  }

  @Query(() => String, { nullable: true })
  @UseGuards(WixAuthGuard)
  @WixPublic()
  greeting(@WixIdentity.optional('type') type?: string): string {
    return type ?? 'nobody';
  }

  @Query(() => [String])
  @WixInstanceAuth({ allow: ['app', 'visitor'], scopes: [READ_PRODUCTS] })
  products(): string[] {
    return ['Roses'];
  }

  @Query(() => String)
  @WixInstanceAuth({ allow: ['visitor'], scopes: [READ_PRODUCTS] })
  async stock(@WixIdentity() caller: AnyWixIdentity): Promise<string> {
    const { status } = await firstValueFrom(this.wix.asInstance(caller).post('/stores/v3/products/query', {}));
    return String(status);
  }

  @Mutation(() => String)
  @RequireScopes(MANAGE_PRODUCTS)
  @WixUserAuth()
  createProduct(@Args('name') name: string, @WixIdentity('userId') userId: string): string {
    return `${name} by ${userId}`;
  }
}

/** How each field of the schema is asked for. */
const queries: Record<string, string> = {
  'graphql Query.caller': '{ caller }',
  'graphql Query.products': '{ products }',
  'graphql Query.stock': '{ stock }',
  'graphql Query.greeting': '{ greeting }',
  'graphql Mutation.createProduct': 'mutation { createProduct(name: "Mug") }',
};

describe.each(platforms)('GraphQL on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true });
    running = await startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, app), graphql],
      providers: [ShopResolver],
    });
  });
  beforeEach(() => {
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const ask = async (query: string, authorization?: string): Promise<unknown> => {
    const { body } = await call(`${running.url}/graphql`, authorization, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return body;
  };
  const refused = (code: string, statusCode: number, facts: object = {}) => ({
    errors: [{ extensions: { code, statusCode, ...facts } }],
  });

  it('gives resolvers the verified identity', async () => {
    const site = siteWith(wix, app);
    expect(await ask('{ caller }', site.visitorToken())).toEqual({ data: { caller: 'visitor' } });
    expect(await ask('{ caller }', `Bearer ${site.ownerToken()}`)).toEqual({ data: { caller: 'user' } });
  });

  it('gives interceptors the identity admitted to this resolver, and undefined where there is no guard', async () => {
    const { visitorToken, install } = siteWith(wix, app);
    const { instanceId } = install;
    expect(await ask('{ tenant tenantOfUnguarded }', visitorToken())).toEqual({
      data: { tenant: [instanceId, instanceId], tenantOfUnguarded: ['nobody', 'nobody'] },
    });
  });

  it.each([
    { code: 'WIX_CREDENTIALS_MISSING', token: () => undefined },
    { code: 'WIX_CREDENTIALS_MALFORMED', token: () => 'rubbish' },
    { code: 'WIX_CREDENTIALS_WRONG_APP', token: () => siteWith(wix, wix.addApp()).ownerToken() },
  ])('answers $code in the extensions', async ({ code, token }) => {
    expect(await ask('{ caller }', token())).toMatchObject(refused(code, 401));
  });

  it('answers 503 in the extensions while Wix is down', async () => {
    wix.fail(TOKEN_INFO, { html: true, times: 1 });
    expect(await ask('{ caller }', siteWith(wix, app).ownerToken())).toMatchObject(refused('WIX_UNAVAILABLE', 503));
  });

  it('applies the policy of each resolver in one operation, with one introspection', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    const answer = await ask('{ shop { name } caller products }', site.visitorToken());
    expect(answer).toEqual({ data: { shop: { name: 'Flowers' }, caller: 'visitor', products: ['Roses'] } });
    const refusal = await ask('{ caller products }', site.ownerToken());
    expect(refusal).toMatchObject(refused('WIX_IDENTITY_NOT_ALLOWED', 403, { allowedIdentities: ['app', 'visitor'] }));
    expect(wix.count(TOKEN_INFO)).toBe(2);
  });

  it('enforces scopes, and names who lacks them', async () => {
    const create = 'mutation { createProduct(name: "Mug") }';
    const granted = siteWith(wix, app, MANAGE_PRODUCTS);
    const { userId } = granted.site.owner;
    expect(await ask(create, granted.ownerToken())).toEqual({ data: { createProduct: `Mug by ${userId}` } });
    expect(await ask(create, siteWith(wix, app).ownerToken())).toMatchObject(
      refused('WIX_SCOPE_MISSING', 403, { lackedBy: ['app'], missingScopes: [MANAGE_PRODUCTS] }),
    );
  });

  it('leaves public resolvers open to all, and gives them the identity of the caller', async () => {
    expect(await ask('{ shop { name } greeting }')).toEqual({
      data: { shop: { name: 'Flowers' }, greeting: 'nobody' },
    });
    expect(await ask('{ greeting }', siteWith(wix, app).memberToken())).toEqual({ data: { greeting: 'member' } });
    expect(await ask('{ greeting }', 'rubbish')).toMatchObject(refused('WIX_CREDENTIALS_MALFORMED', 401));
  });

  it('enforces the declaration of every field, for every kind of caller', async () => {
    const { cases, table } = accessMatrix(running.app, {
      wix,
      install: wix.install(app, wix.addSite()),
      only: ({ kind, name }) => kind === 'graphql' && name in queries,
      request: ({ name }) => ({ path: '/graphql', body: { query: queries[name] } }),
    });
    const failures = await Promise.all(cases.map(({ run }) => run().catch((error: unknown) => String(error))));
    expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
    const no = '403 IDENTITY_NOT_ALLOWED';
    const lacking = `visitor, app without ${READ_PRODUCTS}`;
    const row = table.split('\n').find((line) => line.startsWith('| graphql Query.stock |'));
    expect(row?.split(' | ').slice(5)).toEqual([...[no, no, 'not tested', no, no], 'passes', `${lacking} |`]);
    // Five fields by eight kinds of caller, and four scopes that are lacking.
    expect(cases.length).toBe(44);
  });

  it('reports which field called Wix, and no unused scopes for fields that were requested together', async () => {
    const privilege = leastPrivilege(wix);
    const token = siteWith(wix, app, READ_PRODUCTS).visitorToken();
    const ask = (query: string) =>
      call(`${running.url}/graphql`, token, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
    await ask('{ caller stock }');
    await ask('{ stock }');
    const report = await privilege.report(running.app);
    privilege.stop();
    const use = (name: string) => report.routes.find((route) => route.name === `graphql Query.${name}`);
    const stock = { name: 'Query Products', as: 'app' };
    expect(use('caller')).toMatchObject({
      called: 1,
      endpoints: [{ ...stock, times: 1, isShared: true }],
      findings: [],
    });
    expect(use('stock')).toMatchObject({ called: 2, endpoints: [{ ...stock, times: 2 }], findings: [] });
    expect(use('stock')?.endpoints[0]).not.toHaveProperty('isShared');
    expect(use('products')).toMatchObject({ called: 0 });
  });
});

describe.each(platforms)('GraphQL with guarded fields on %s', (platform) => {
  it('guards single fields where field resolvers are enhanced', async () => {
    const wix = await WixEmulator.start();
    const app = wix.addApp();
    const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      fieldResolverEnhancers: ['guards'],
    });
    const { url, close } = await startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, app, { globalGuard: true }), graphql],
      providers: [ShopResolver],
    });
    const ask = (authorization?: string) =>
      call(`${url}/graphql?query=${encodeURIComponent('{ shop { name revenue } }')}`, authorization, {
        headers: { 'apollo-require-preflight': 'true' },
      });
    const site = siteWith(wix, app);
    const answers = [await ask(), await ask(site.visitorToken()), await ask(site.ownerToken())];
    await close();
    await wix.stop();
    expect(answers).toMatchObject([
      { body: { errors: [{ path: ['shop', 'revenue'], extensions: { code: 'WIX_CREDENTIALS_MISSING' } }] } },
      { body: { errors: [{ path: ['shop', 'revenue'], extensions: { code: 'WIX_IDENTITY_NOT_ALLOWED' } }] } },
      { body: { data: { shop: { name: 'Flowers', revenue: `Flowers for ${site.site.owner.userId}` } } } },
    ]);
  });
});

@Resolver()
class OrdersResolver {
  @Query(() => String)
  @WixPublic()
  title(): string {
    return 'Orders';
  }

  @Subscription(() => String, { resolve: (value: string) => value })
  @WixUserAuth({ scopes: [READ_PRODUCTS] })
  async *ordered(@WixIdentity('instanceId') instanceId: string): AsyncGenerator<string> {
    yield instanceId;
    await new Promise(() => undefined);
  }
}

describe.each(platforms)('GraphQL subscriptions over graphql-ws on %s', (platform) => {
  const clock = new FakeClock();
  const clients: Client[] = [];
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  const start = (messageTransports: readonly WixMessageTransport[]): Promise<RunningApp> => {
    const providers = [{ provide: WixClock, useValue: clock }];
    const options = { messageTransports, publicKey: app.publicKey, webhooks: {}, providers };
    const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      subscriptions: { 'graphql-ws': true },
    });
    return startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, app, options), graphql],
      providers: [OrdersResolver],
    });
  };

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    running = await start(['graphql-ws']);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const subscribed = (connectionParams: Record<string, unknown>, { url } = running) => {
    const { promise: closed, resolve } = deferred<string>();
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams,
      on: {
        closed: (event) =>
          resolve(`${String(Reflect.get(Object(event), 'code'))} ${String(Reflect.get(Object(event), 'reason'))}`),
      },
    });
    clients.push(client);
    const results = client.iterate({ query: 'subscription { ordered }' });
    // What the end of the connection does to the subscription is the client's to tell.
    const first = results.next().then(
      ({ value }: { value?: unknown }) => value,
      () => undefined,
    );
    return { first, closed, rest: () => results.next().catch(() => undefined) };
  };
  const refused = (code: string) => ({ errors: [{ extensions: { code } }] });

  it('read the credential from the parameters of the connection', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    const { instanceId } = site.install;
    const answer = { data: { ordered: instanceId } };
    expect(await subscribed({ authorization: site.ownerToken() }).first).toEqual(answer);
    expect(await subscribed({ Authorization: `Bearer ${site.ownerToken()}` }).first).toEqual(answer);
  });

  it('refuse others with the code in the extensions', async () => {
    const site = siteWith(wix, app);
    const owner = site.ownerToken();
    const params = [
      {},
      { token: owner },
      { authorization: ['rubbish'] },
      { authorization: owner, Authorization: site.appToken() },
      { authorization: site.visitorToken() },
      { authorization: owner },
    ];
    const answers = await Promise.all(params.map((one) => subscribed(one).first));
    expect(answers).toMatchObject([
      refused('WIX_CREDENTIALS_MISSING'),
      refused('WIX_CREDENTIALS_MISSING'),
      refused('WIX_CREDENTIALS_MALFORMED'),
      refused('WIX_CREDENTIALS_AMBIGUOUS'),
      refused('WIX_IDENTITY_NOT_ALLOWED'),
      refused('WIX_SCOPE_MISSING'),
    ]);
    expect(JSON.stringify(answers)).not.toContain(owner);
  });

  it('end with 4403 when the credential expires, after which clients reconnect', async () => {
    const { install, site } = siteWith(wix, app, READ_PRODUCTS);
    clock.advance(1_950 - (clock.nowMs() % 1_000));
    const authorization = wix.mint.userToken(install, site.owner, { expiresInSeconds: 1 });
    const subscription = subscribed({ authorization });
    expect(await subscription.first).toEqual({ data: { ordered: install.instanceId } });
    void subscription.rest();
    clock.advance(50);
    expect(await subscription.closed).toBe('4403 WIX_CREDENTIALS_EXPIRED');
  });

  it('end with 4401 when the site removes the app, after which clients stop', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    const subscription = subscribed({ authorization: site.ownerToken() });
    expect(await subscription.first).toEqual({ data: { ordered: site.install.instanceId } });
    void subscription.rest();
    site.install.remove();
    await running.app.get(WixWebhookService).receive(wix.send.webhookBody(site.install, { type: 'AppRemoved' }));
    expect(await subscription.closed).toBe('4401 WIX_CREDENTIALS_REJECTED');
  });

  it('are refused unless the transport is configured', async () => {
    const unnamed = await start(['ws']);
    const authorization = siteWith(wix, app, READ_PRODUCTS).ownerToken();
    expect(await subscribed({ authorization }, unnamed).first).toMatchObject(refused('WIX_MISCONFIGURED'));
    await unnamed.close();
  });
});
