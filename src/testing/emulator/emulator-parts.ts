import type { Endpoint } from './endpoints/endpoint.js';
import { platformEndpoints } from './endpoints/platform-endpoints.js';
import { Router } from './endpoints/router.js';
import { Faults } from './faults.js';
import { AuthorizationCodes } from './install/authorization-codes.js';
import { EmulatedInstaller } from './install/emulated-installer.js';
import type { Platform } from './platform.js';
import { RequestLog, type RecordedRequest } from './request-log.js';
import { EmulatorServer, type MountedHandler } from './server.js';
import { Throttle } from './throttle.js';
import { OpenIdKeys } from './tokens/open-id-keys.js';
import { TokenIssuer } from './tokens/token-issuer.js';
import { TokenLedger } from './tokens/token-ledger.js';
import { defaultVariants } from './variants.js';
import type { WixEmulatorOptions } from './wix-emulator.options.js';
import { ScopeTable } from './world/scope-table.js';
import { World } from './world/world.js';

/** The parts of one emulator, before it listens. */
export interface EmulatorParts {
  readonly platform: Platform;
  readonly router: Router;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly server: EmulatorServer;
}

/** Assembles an emulator. What is mounted answers before the platform does, unlogged and without faults. */
export function assembleEmulator(options: WixEmulatorOptions, mounted?: MountedHandler): EmulatorParts {
  const platform = newPlatform(options);
  const router = new Router(platform, platformEndpoints satisfies readonly Endpoint[], options.warn ?? emitWarning);
  const log = new RequestLog(options.maxLoggedRequests ?? 10_000);
  const faults = new Faults();
  const answer = (request: RecordedRequest) => router.answer(request);
  return {
    platform,
    router,
    log,
    faults,
    server: new EmulatorServer({ now: platform.now, log, faults, answer, mounted }),
  };
}

function newPlatform(options: WixEmulatorOptions): Platform {
  // Read each time, so that a faked Date counts.
  const now = options.now ?? (() => Date.now());
  const variants = { ...defaultVariants(), ...options.variants };
  const tokens = new TokenLedger();
  return {
    now,
    variants,
    tokens,
    world: new World(),
    issuer: new TokenIssuer(tokens, variants, now),
    openIdKeys: new OpenIdKeys(),
    scopes: new ScopeTable(options.scopeContents),
    throttle: new Throttle(),
    installer: new EmulatedInstaller(),
    codes: new AuthorizationCodes(),
  };
}

const emitWarning = (message: string): void => {
  process.emitWarning(message);
};
