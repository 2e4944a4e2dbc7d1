import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';

/** What an application may serve HTTP with. */
export type Platform = 'express' | 'fastify';

const ALL: readonly Platform[] = ['express', 'fastify'];

/** The HTTP platforms every story is told on: both, or the one that the environment names, as each job of CI does. */
export const platforms = ALL.filter((platform) => platform === (process.env['TEST_PLATFORM'] ?? platform));

/** An application that listens on a loopback port. */
export interface RunningApp {
  readonly app: INestApplication;
  readonly url: string;
  close(): Promise<void>;
}

export interface StartOptions {
  /** Last changes to the module under test. */
  readonly build?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** Last changes to the application before it starts. */
  readonly configure?: (app: INestApplication) => void;
  /** A free port, for an application whose address must be known before it starts. */
  readonly port?: number;
}

/** Starts an application made of these parts over real HTTP. */
export async function startApp(
  platform: Platform,
  metadata: ModuleMetadata,
  { build = (builder) => builder, configure, port = 0 }: StartOptions = {},
): Promise<RunningApp> {
  const module = await build(Test.createTestingModule(metadata)).compile();
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = module.createNestApplication(adapter);
  app.useLogger(false);
  configure?.(app);
  await app.listen(port, '127.0.0.1');
  return { app, url: await app.getUrl(), close: () => app.close() };
}

/** What a test looks at in an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Asks an application; `authorization` is sent as it stands. */
export async function call(url: string, authorization?: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (authorization !== undefined) headers.set('authorization', authorization);
  const response = await fetch(url, { ...init, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
