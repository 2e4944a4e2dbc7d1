import type { Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, ApplicationConfig, ModuleRef, ModulesContainer } from '@nestjs/core';

import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { AUTHORITY } from '../core/marks.js';
import { WixPlansService } from '../grants/plans/wix-plans.service.js';
import { WixGrantsService } from '../grants/wix-grants.service.js';
import { WixIdentityService } from '../identity/wix-identity.service.js';
import { HttpErrorFormat } from '../nest/http-error-format.js';
import type { WixMessageTransport } from '../nest/message-transports.js';
import { Traces } from '../diagnostics/traces.js';
import { classProvider, factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { AccessAudit, NoAccessAudit } from './audit/access-audit.js';
import { AuditTrail, type AuditedDecisions } from './audit/audit-trail.js';
import { ConnectionAccess } from './connections/connection-access.js';
import { HeldConnections } from './connections/held-connections.js';
import { WixConnections } from './connections/wix-connections.service.js';
import { CredentialSource } from './credentials/credential-source.js';
import { HttpCredentialSource } from './credentials/http-credential.source.js';
import { MessageCredentialSource } from './credentials/message-credential.source.js';
import { MessageCredentials } from './credentials/message-credentials.js';
import { AccessDecisions } from './guards/access-decisions.js';
import { GlobalWixAuthGuard } from './guards/global-wix-auth.guard.js';
import { withReplacedKnown } from './guards/replaced-identities.js';
import { WixAccess } from './guards/wix-access.service.js';
import { WixAuthGuard } from './guards/wix-auth.guard.js';
import { AccessPolicies } from './policy/access-policies.js';
import type { WixAuthority } from './policy/authority.js';
import { GlobalWixAuthExceptionFilter } from './responses/global-wix-auth-exception.filter.js';
import { WixAuthExceptionFilter } from './responses/wix-auth-exception.filter.js';
import { WixRouteExplorer } from './routes/wix-route.explorer.js';

/** What `access/` is told of the options. */
export interface AccessSettings {
  readonly signedInstance: false | { readonly header: string | undefined };
  readonly audit: AuditedDecisions;
  readonly logging: { readonly routes: 'table' | 'summary' | 'none' };
  readonly errors: 'nest' | 'problem+json';
  readonly messageTransports: readonly WixMessageTransport[];
}

/** Who may call. @param globalGuard - whether a guard applies to every route. */
export const accessProviders = (settings: ProviderToken<AccessSettings>, globalGuard: boolean): readonly Provider[] => [
  factoryProvider(
    CredentialSource,
    [settings],
    ({ signedInstance }) => new HttpCredentialSource(signedInstance === false ? undefined : signedInstance.header),
  ),
  factoryProvider(MessageCredentials, [settings], ({ messageTransports }) => new MessageCredentials(messageTransports)),
  factoryProvider(
    ConnectionAccess,
    [MessageCredentials, WixIdentityService, KnownInstances, AuthEvents, WixClock],
    (messages, identities, known, events, clock) =>
      new ConnectionAccess({
        messages,
        identities: withReplacedKnown(identities, known),
        held: new HeldConnections(clock, events),
        events,
      }),
  ),
  factoryProvider(
    WixConnections,
    [ConnectionAccess, MessageCredentials],
    (access, messages) => new WixConnections(access, messages),
  ),
  factoryProvider(HttpErrorFormat, [settings], ({ errors }) => new HttpErrorFormat(errors)),
  classProvider(AccessAudit, NoAccessAudit),
  factoryProvider(
    AuditTrail,
    [AccessAudit, settings, AuthEvents, GracefulShutdown],
    (port, { audit }, events, shutdown) => new AuditTrail(port, audit, events, shutdown),
  ),
  factoryProvider(
    AccessDecisions,
    [Traces, AuditTrail, WixClock],
    (traces, audit, clock) => new AccessDecisions({ traces, audit, clock }),
  ),
  factoryProvider(AccessPolicies, [ApplicationConfig], (config) => new AccessPolicies(config)),
  factoryProvider(
    WixAccess,
    [
      AccessPolicies,
      CredentialSource,
      WixIdentityService,
      WixGrantsService,
      WixPlansService,
      KnownInstances,
      AuthEvents,
      WixClock,
      HttpErrorFormat,
      AccessDecisions,
      MessageCredentials,
      ConnectionAccess,
    ],
    (policies, source, identities, grants, plans, known, events, clock, format, decisions, messages, connections) =>
      new WixAccess({
        policies,
        ...(messages.isUsed ? { source: new MessageCredentialSource(messages, source), connections } : { source }),
        identities: withReplacedKnown(identities, known),
        grants,
        plans,
        events,
        clock,
        format,
        decisions,
      }),
  ),
  factoryProvider(
    WixRouteExplorer,
    [ModulesContainer, ApplicationConfig, AccessPolicies, WixAccess, AuthEvents, settings],
    (modules, config, policies, access, events, { logging }) =>
      new WixRouteExplorer({ modules, config, policies, access, events }, { globalGuard, routes: logging.routes }),
  ),
  classProvider(WixAuthExceptionFilter, WixAuthExceptionFilter),
  factoryProvider(APP_FILTER, [ModuleRef], (module: ModuleRef) => new GlobalWixAuthExceptionFilter(module)),
  ...(globalGuard ? globalGuardProviders : []),
];

const globalGuardProviders: readonly Provider[] = [
  classProvider(WixAuthGuard, WixAuthGuard),
  factoryProvider(
    APP_GUARD,
    [ModuleRef],
    // The mark is readable before Nest creates the provider, as in its preview mode.
    Object.assign((module: ModuleRef) => new GlobalWixAuthGuard(module), {
      [AUTHORITY]: 'auth' satisfies WixAuthority,
    }),
  ),
];
