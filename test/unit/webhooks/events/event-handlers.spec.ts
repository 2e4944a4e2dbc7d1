import {
  Controller,
  Inject,
  Injectable,
  Logger,
  Module,
  Scope,
  type DynamicModule,
  type ModuleMetadata,
} from '@nestjs/common';
import { ModulesContainer, REQUEST } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { appInstances } from '@wix/app-management';

import { AuthEvents } from '../../../../src/core/auth-events.js';
import { SystemClock } from '../../../../src/core/clock.js';
import { KnownInstances } from '../../../../src/core/identities/known-instances.js';
import { SdkEnvelopes } from '../../../../src/webhooks/envelopes/sdk-envelopes.js';
import { EventHandlers } from '../../../../src/webhooks/events/event-handlers.js';
import { OnWixEvent } from '../../../../src/webhooks/events/on-wix-event.decorator.js';
import type { WixDomainEvent, WixEvent } from '../../../../src/webhooks/events/wix-event.js';
import { INSTANCE } from '../../../support/app.js';

const CONTEXT = { signal: new AbortController().signal };
const EVENT: WixDomainEvent = { type: 'AppInstalled', instanceId: INSTANCE, issuedAt: new Date(0), data: {} };
const seen: unknown[] = [];

@Injectable()
class Base {
  @OnWixEvent('AppInstalled')
  installed(event: WixEvent<'AppInstalled'>): void {
    seen.push([this.constructor.name, event.data.originInstanceId]);
  }
}

@Injectable()
class Singleton extends Base {
  @OnWixEvent('PaidPlanChanged')
  @OnWixEvent('wix.contacts.v4.contact_created')
  changed(): void {
    seen.push('changed');
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  constructor(@Inject(REQUEST) private readonly request: WixEvent) {}

  @OnWixEvent('*')
  all(event: WixEvent): void {
    seen.push(['per request', this.request === event]);
  }
}

@Injectable({ scope: Scope.REQUEST })
class ByDefinition {
  constructor(@Inject(REQUEST) private readonly request: object) {}

  @OnWixEvent(appInstances.onAppInstanceInstalled)
  @OnWixEvent('AppRemoved')
  installed(event: object): void {
    seen.push([this.request === event, event]);
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class Transient {
  @OnWixEvent('*')
  all(): void {
    seen.push('transient');
  }
}

@Controller()
class OnController {
  @OnWixEvent('AppRemoved')
  removed(): void {
    seen.push('controller');
  }
}

@Module({})
class Registration {
  static as(global: boolean): DynamicModule {
    const provider = { provide: EventHandlers, inject: [ModulesContainer], useFactory: makeHandlers };
    return { module: Registration, global, providers: [provider], exports: [EventHandlers] };
  }
}

const envelopes = new SdkEnvelopes(new KnownInstances(new SystemClock()));
const makeHandlers = (modules: ModulesContainer) => new EventHandlers(modules, envelopes, new AuthEvents());

describe('EventHandlers', () => {
  let module: TestingModule | undefined;

  const handlersOf = async (metadata: ModuleMetadata): Promise<EventHandlers['list']> => {
    module = await Test.createTestingModule(metadata).compile();
    await module.init();
    return module.get(EventHandlers, { strict: false }).list;
  };
  const tableOf = async (metadata: ModuleMetadata): Promise<readonly string[]> =>
    (await handlersOf(metadata)).map(({ name, types }) => `${types.join('+')} ${name}`);

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(() => seen.splice(0));
  afterEach(() => module?.close());

  it('finds the methods of providers and controllers, inherited ones too', async () => {
    await expect(
      tableOf({ imports: [Registration.as(true)], providers: [Singleton, PerRequest], controllers: [OnController] }),
    ).resolves.toEqual([
      'wix.contacts.v4.contact_created+PaidPlanChanged Singleton.changed',
      'AppInstalled Singleton.installed',
      '* PerRequest.all',
      'AppRemoved OnController.removed',
    ]);
  });

  it('finds a provider with an alias once, and one from a factory', async () => {
    const providers = [
      { provide: 'made', useFactory: () => new Base() },
      { provide: 'alias', useExisting: 'made' },
    ];
    await expect(tableOf({ imports: [Registration.as(true)], providers })).resolves.toEqual([
      'AppInstalled Base.installed',
    ]);
  });

  it('gives two handlers of one name separate names', async () => {
    const providers = [
      { provide: 'one', useValue: new Base() },
      { provide: 'other', useValue: new Base() },
    ];
    await expect(tableOf({ imports: [Registration.as(true)], providers })).resolves.toEqual([
      'AppInstalled Base.installed',
      'AppInstalled Base.installed#2',
    ]);
  });

  it('calls each on its provider, created for the event where necessary', async () => {
    const providers = [Singleton, PerRequest, Transient];
    for (const handler of await handlersOf({ imports: [Registration.as(true)], providers }))
      await handler.run(EVENT, CONTEXT);
    expect(seen).toEqual(['changed', ['Singleton', undefined], ['per request', true], 'transient']);
  });

  it('names handlers by definition like those by type, and gives both what their declaration says', async () => {
    const handlers = await handlersOf({ imports: [Registration.as(true)], providers: [ByDefinition] });
    expect(handlers.map(({ name, types }) => [name, types])).toEqual([
      ['ByDefinition.installed', ['AppRemoved', 'AppInstalled']],
    ]);
    for (const type of ['AppInstalled', 'AppRemoved']) {
      const claims = { data: { eventType: type, instanceId: INSTANCE, data: {} } };
      const event = envelopes.remember({ ...EVENT, type }, claims);
      await Promise.all(handlers.map((handler) => handler.run(event, CONTEXT)));
    }
    const metadata = { instanceId: INSTANCE, eventType: 'AppInstalled' };
    expect(seen).toEqual([
      [true, { data: {}, metadata }],
      [true, { ...EVENT, type: 'AppRemoved' }],
    ]);
  });

  it('ignores the handlers of modules that do not import a registration of their own', async () => {
    @Module({ imports: [Registration.as(false)], providers: [Base] })
    class Feature {}
    await expect(tableOf({ imports: [Feature], providers: [Singleton] })).resolves.toEqual([
      'AppInstalled Base.installed',
    ]);
  });

  it('finds the handlers of modules that get a re-exported registration', async () => {
    @Module({ imports: [Registration.as(false)], exports: [Registration] })
    class Shared {}
    await expect(tableOf({ imports: [Shared], providers: [Base] })).resolves.toEqual(['AppInstalled Base.installed']);
  });
});
