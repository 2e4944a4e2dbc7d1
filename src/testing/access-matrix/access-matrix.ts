import type { INestApplication } from '@nestjs/common';

import { WIX_AUTH_OPTIONS, wixRoutes, type WixAuthOptions, type WixRoute } from '../../index.js';
import type { ContractCase } from '../contracts/contract-case.js';
import type { EmulatedInstall } from '../emulator/world/emulated-install.js';
import type { WixEmulator } from '../emulator/wix-emulator.js';
import { accessTable } from './access-table.js';
import {
  checkAnswer,
  checkUnsigned,
  isMessage,
  messageAnswer,
  send,
  type MatrixAnswer,
  type SendMessage,
} from './matrix-answer.js';
import { callersOf, type MatrixCaller, type MatrixWorld } from './matrix-callers.js';
import { requestFor, type AccessMatrixRequest, type RequestOf } from './matrix-request.js';

/** What {@link accessMatrix} works with. */
export interface AccessMatrixOptions {
  /** The emulator that the application takes for Wix. */
  readonly wix: WixEmulator;
  /** An installation of the app. Every case has its own site, on which the app is newly installed. */
  readonly install: EmulatedInstall;
  /**
   * An OpenAPI document, whose examples fill in path parameters and bodies.
   *
   * @default none: parameters are a GUID, bodies are empty objects
   */
  readonly document?: object | undefined;
  /**
   * How to call a route where examples do not suffice, or that is not an HTTP route: `path`, `method`, `body`,
   * `headers`.
   * GraphQL fields are called only when this says how.
   *
   * @default none
   */
  readonly request?: RequestOf | undefined;
  /**
   * Sends the message of a handler, or begins a subscription, with a credential as your transport carries it, and
   * resolves with what the caller received: the refusal, whose `code` is compared, or anything else when it passed.
   *
   * @default none: handlers of messages and subscriptions are not called
   */
  readonly message?: SendMessage | undefined;
  /**
   * Which routes are tested.
   *
   * @default all
   */
  readonly only?: ((route: WixRoute) => boolean) | undefined;
  /**
   * What your `VisitorGrants` give to members and visitors.
   *
   * @default nothing
   */
  readonly visitorScopes?: readonly string[] | undefined;
}

/** Every case of an application. */
export interface AccessMatrix {
  /**
   * A case for each route and kind of caller, for each required scope that the app or the user lacks, and for a site
   * without a required plan.
   */
  readonly cases: readonly ContractCase[];
  /** The same as a Markdown table, to review and commit: it changes with every declaration. */
  readonly table: string;
}

/**
 * Calls every route of a running application as every kind of caller, and asserts what its declarations mean: that the
 * guards let pass, or the status and the code of the refusal. Whether the handler then succeeds is not asserted.
 *
 * Listens on a loopback port unless the application already listens. Give the application with its guards on, and an
 * emulator in place of Wix ({@link useWixEmulator}).
 *
 * @example
 * const { cases, table } = accessMatrix(app, { wix, install });
 * for (const { title, run } of cases) it(title, run);
 * @throws `WixMisconfiguredError` when declarations contradict each other.
 */
export function accessMatrix(app: INestApplication, options: AccessMatrixOptions): AccessMatrix {
  const { only = () => true } = options;
  const world = worldOf(app, options);
  const url = lazyUrlOf(app);
  const routes = wixRoutes(app)
    .filter(only)
    .map((route) => ({ route, callers: tested(route, options) ? callersOf(route, world) : [] }));
  return {
    cases: routes.flatMap(({ route, callers }) => casesOf(route, callers, { options, url, world })),
    table: accessTable(routes),
  };
}

interface CaseParts {
  readonly options: AccessMatrixOptions;
  readonly url: () => Promise<string>;
  readonly world: MatrixWorld;
}

const requestOf = (
  route: WixRoute,
  { document, request = () => undefined }: AccessMatrixOptions,
): AccessMatrixRequest | undefined => requestFor(route, document, request);

const tested = (route: WixRoute, options: AccessMatrixOptions): boolean =>
  (route.access === 'guarded' || route.access === 'public') && senderOf(route, options) !== undefined;

function casesOf(route: WixRoute, callers: readonly MatrixCaller[], parts: CaseParts): readonly ContractCase[] {
  if (route.access === 'signed') return unsignedCase(route, parts);
  const sender = senderOf(route, parts.options);
  if (sender === undefined) return [];
  return callers.map((caller) => ({
    title: `${route.name}: ${caller.name} ${caller.expected === 'passes' ? 'passes' : `is refused, ${caller.expected.code}`}`,
    run: () => runCase(route, caller, sender, parts),
  }));
}

function unsignedCase(route: WixRoute, parts: CaseParts): readonly ContractCase[] {
  const request = requestOf(route, parts.options);
  if (request === undefined) return [];
  return [{ title: `${route.name} refuses what Wix did not sign`, run: () => runUnsigned(route, request, parts) }];
}

/** Calls a route with a credential. */
type Sender = (url: () => Promise<string>, credential: string | undefined) => Promise<MatrixAnswer>;

function senderOf(route: WixRoute, options: AccessMatrixOptions): Sender | undefined {
  const { message } = options;
  if (isMessage(route)) {
    return message && (async (_url, credential) => messageAnswer(await message(route, credential)));
  }
  const request = requestOf(route, options);
  return request && (async (url, credential) => send(await url(), request, credential));
}

async function runCase(
  route: WixRoute,
  caller: MatrixCaller,
  sender: Sender,
  { url, world: { wix, app } }: CaseParts,
): Promise<void> {
  const plan = caller.isWithoutPlan === true ? undefined : route.plans[0];
  const install = wix.install(app, wix.addSite(), { grants: caller.grants, plan });
  checkAnswer(route, caller, await sender(url, caller.credential(install)));
}

const runUnsigned = async (route: WixRoute, request: AccessMatrixRequest, { url }: CaseParts): Promise<void> => {
  checkUnsigned(route, await send(await url(), request, undefined));
};

function worldOf(app: INestApplication, { wix, install, visitorScopes = [] }: AccessMatrixOptions): MatrixWorld {
  const all = app.get<WixAuthOptions, WixAuthOptions>(WIX_AUTH_OPTIONS, { strict: false, each: true });
  const options = all.find(({ appId }) => appId === install.app.appId) ?? all[0];
  return { wix, app: install.app, roles: options?.grants?.userRoles ?? {}, visitorScopes };
}

function lazyUrlOf(app: INestApplication): () => Promise<string> {
  let url: Promise<string> | undefined;
  return () => (url ??= listeningUrlOf(app));
}

async function listeningUrlOf(app: INestApplication): Promise<string> {
  const { listening } = app.getHttpServer() as { readonly listening: boolean };
  if (!listening) await app.listen(0, '127.0.0.1');
  return app.getUrl();
}
