import type { Server } from 'node:http';

import { Module, type INestApplication, type LoggerService, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';

import { AccessPolicies } from '../../../src/access/policy/access-policies.js';
import { CredentialSource } from '../../../src/access/credentials/credential-source.js';
import { HttpCredentialSource } from '../../../src/access/credentials/http-credential.source.js';
import { WixAccess } from '../../../src/access/guards/wix-access.service.js';
import { WixAuthExceptionFilter } from '../../../src/access/responses/wix-auth-exception.filter.js';
import { WixAuthGuard } from '../../../src/access/guards/wix-auth.guard.js';
import { WixRouteExplorer } from '../../../src/access/routes/wix-route.explorer.js';
import { AuthEvents } from '../../../src/core/auth-events.js';
import { EventLog } from '../../../src/diagnostics/event-log.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeGrants, FakeIdentities, FakePlans } from './fake-services.js';

/** How an app under test differs from the usual. */
export interface AccessAppOptions {
  readonly identities?: FakeIdentities;
  readonly grants?: FakeGrants;
  readonly plans?: FakePlans;
  readonly source?: CredentialSource;
  readonly globalGuard?: boolean;
  readonly platform?: 'express' | 'fastify';
  readonly logger?: LoggerService | false;
  readonly configure?: (app: INestApplication<Server>) => void;
}

/** What the module of this library does for access, with fakes for what is below. */
export function accessModule(options: AccessAppOptions, isGlobal = true) {
  const { identities = new FakeIdentities(), grants = new FakeGrants(), globalGuard = false } = options;
  const { plans = new FakePlans() } = options;
  const { source = new HttpCredentialSource('x-wix-instance') } = options;

  const events = new AuthEvents();
  new EventLog(events);

  @Module({})
  class AccessModule {}

  return {
    module: AccessModule,
    global: isGlobal,
    providers: [
      { provide: CredentialSource, useValue: source },
      {
        provide: AccessPolicies,
        useFactory: (config: ApplicationConfig) => new AccessPolicies(config),
        inject: [ApplicationConfig],
      },
      {
        provide: WixAccess,
        useFactory: (policies: AccessPolicies) =>
          new WixAccess({ policies, source, identities, grants, plans, events, clock: new FakeClock() }),
        inject: [AccessPolicies],
      },
      {
        provide: WixRouteExplorer,
        useFactory: (
          modules: ModulesContainer,
          config: ApplicationConfig,
          policies: AccessPolicies,
          access: WixAccess,
        ) => new WixRouteExplorer({ modules, config, policies, access, events }, { globalGuard }),
        inject: [ModulesContainer, ApplicationConfig, AccessPolicies, WixAccess],
      },
      { provide: AuthEvents, useValue: events },
      WixAuthGuard,
      { provide: APP_FILTER, useClass: WixAuthExceptionFilter },
      ...(globalGuard ? [{ provide: APP_GUARD, useExisting: WixAuthGuard }] : []),
    ],
    exports: [WixAccess],
  };
}

/** Starts an app of these controllers; the caller closes it. */
export async function startApp(
  { controllers = [], providers = [], imports = [] }: ModuleMetadata,
  options: AccessAppOptions = {},
): Promise<INestApplication<Server>> {
  const module = await Test.createTestingModule({
    controllers,
    providers,
    imports: [...imports, accessModule(options)],
  }).compile();
  const adapter = options.platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = module.createNestApplication<INestApplication<Server>>(adapter);
  app.useLogger(options.logger ?? false);
  options.configure?.(app);
  await app.init();
  if (options.platform === 'fastify') {
    await (app as unknown as NestFastifyApplication).getHttpAdapter().getInstance().ready();
  }
  return app;
}
