import type { KeyObject } from 'node:crypto';

import type { Provider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { AccessDecisions } from '../access/guards/access-decisions.js';
import type { AppCredentials } from '../core/app-credentials.js';
import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { RouteAddresses, type DeclaredRoute } from '../nest/route-addresses.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { BodyCapture } from './body-capture.js';
import { DigestClaims } from './digest-claims.js';
import { SignedDecisions } from './signed-decisions.js';
import { SignedTokenVerifier } from './signed-token.verifier.js';
import { WixSignedRequestService } from './wix-signed-request.service.js';

/** What `signed-requests/` is told of the options. */
export interface SignedRequestSettings {
  readonly app: AppCredentials;
  readonly publicKeys: readonly KeyObject[];
}

/** Which bodies are read, and how far. */
export interface BodySettings {
  readonly maxBodyBytes: number;
  readonly maxDepth: number;
  /** Whether a signed route is another registration's, with its own capture. */
  readonly isForeign: (route: DeclaredRoute) => boolean;
}

/** What Wix signs. */
export const signedRequestProviders = (
  settings: ProviderToken<SignedRequestSettings>,
  { maxBodyBytes, maxDepth, isForeign }: BodySettings,
): readonly Provider[] => [
  factoryProvider(
    SignedTokenVerifier,
    [settings, WixClock],
    ({ publicKeys, app }, clock) => new SignedTokenVerifier(publicKeys, app.appId, clock),
  ),
  factoryProvider(
    SignedDecisions,
    [AccessDecisions, AuthEvents],
    (decisions, events) => new SignedDecisions({ decisions, events }),
  ),
  factoryProvider(
    WixSignedRequestService,
    [SignedTokenVerifier, KnownInstances, DigestClaims, SignedDecisions, WixClock],
    (verifier, known, claims, decisions, clock) =>
      new WixSignedRequestService({ verifier, known, claims, decisions, clock }, { maxDepth }),
  ),
  factoryProvider(
    BodyCapture,
    [HttpAdapterHost, RouteAddresses, AuthEvents],
    (host: HttpAdapterHost, addresses, events) => new BodyCapture({ host, addresses, maxBodyBytes, events }, isForeign),
  ),
];
