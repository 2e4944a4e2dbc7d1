import { inspect } from 'node:util';

import type { INestApplication, LoggerService, ModuleMetadata, Provider } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  InMemoryRefreshTokenStore,
  RefreshTokenStore,
  WixAuthModule,
  WixInstallHooks,
  WixInstallService,
  type WixAuthOptions,
  type WixInstallation,
  type WixInstallOptions,
} from 'nestjs-wix-auth';
import { emulatedOptions, type EmulatedApp, type WixEmulator } from 'nestjs-wix-auth/testing';

import { freePort } from './free-port.js';

/** How an application that can be installed starts. */
export interface InstallAppOptions {
  readonly platform?: 'express' | 'fastify';
  readonly auth?: Partial<WixAuthOptions>;
  readonly install?: Partial<WixInstallOptions>;
  readonly hooks?: WixInstallHooks['onInstalled'];
  readonly providers?: readonly Provider[];
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  readonly configure?: (app: INestApplication) => void;
  readonly port?: number;
  readonly host?: string;
}

/** A running application that sites can install. */
export interface InstallApp {
  readonly app: INestApplication;
  readonly url: string;
  readonly installs: WixInstallService;
  /** Everything it logged. */
  readonly log: readonly string[];
  /** Every installation it was told about. */
  readonly told: readonly WixInstallation[];
}

/** Starts an application that sites can install, with refresh tokens in memory. */
export async function startInstallApp(
  wix: WixEmulator,
  app: EmulatedApp,
  options: InstallAppOptions = {},
): Promise<InstallApp> {
  const {
    platform = 'express',
    auth,
    install,
    hooks,
    providers = [],
    imports = [],
    configure,
    host = '127.0.0.1',
  } = options;
  const port = options.port ?? (await freePort());
  const url = `http://${host}:${String(port)}`;
  const log: string[] = [];
  const told: WixInstallation[] = [];
  const onInstalled: WixInstallHooks['onInstalled'] = async (installation) => {
    told.push(installation);
    return hooks?.(installation);
  };
  const registration = WixAuthModule.forRoot({
    ...emulatedOptions(wix, app),
    ...auth,
    install: { publicUrl: url, ...install },
    providers: [
      { provide: RefreshTokenStore, useClass: InMemoryRefreshTokenStore },
      { provide: WixInstallHooks, useValue: { onInstalled } },
      ...providers,
    ],
  });
  const module = await Test.createTestingModule({ imports: [registration, ...imports] }).compile();
  const nest = module.createNestApplication(platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter());
  nest.useLogger(into(log));
  configure?.(nest);
  await nest.listen(port, '127.0.0.1');
  return { app: nest, url, installs: nest.get(WixInstallService), log, told };
}

function into(log: string[]): LoggerService {
  const write = (...parts: unknown[]): void => void log.push(parts.map((part) => inspect(part)).join(' '));
  return { log: write, warn: write, error: write, debug: write, verbose: write, fatal: write };
}
