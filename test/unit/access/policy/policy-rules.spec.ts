import { Get, Logger, UseGuards, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import fc from 'fast-check';

import { HttpCredentialSource } from '../../../../src/access/credentials/http-credential.source.js';
import { AllowIdentities } from '../../../../src/access/decorators/allow-identities.decorator.js';
import { RequirePlan } from '../../../../src/access/decorators/require-plan.decorator.js';
import { RequireAnyScope } from '../../../../src/access/decorators/require-any-scope.decorator.js';
import { RequireScopes } from '../../../../src/access/decorators/require-scopes.decorator.js';
import { WixIdentity } from '../../../../src/access/decorators/wix-identity.decorator.js';
import { WixInstanceAuth } from '../../../../src/access/decorators/wix-instance-auth.decorator.js';
import { WixPublic } from '../../../../src/access/decorators/wix-public.decorator.js';
import { WixUserAuth } from '../../../../src/access/decorators/wix-user-auth.decorator.js';
import { WixAccess } from '../../../../src/access/guards/wix-access.service.js';
import { WixAuthGuard } from '../../../../src/access/guards/wix-auth.guard.js';
import { WixInstanceGuard } from '../../../../src/access/guards/wix-instance.guard.js';
import { WixUserGuard } from '../../../../src/access/guards/wix-user.guard.js';
import { AccessPolicies } from '../../../../src/access/policy/access-policies.js';
import { WixRouteExplorer } from '../../../../src/access/routes/wix-route.explorer.js';
import { AuthEvents } from '../../../../src/core/auth-events.js';
import { knownScopes } from '../../../../src/grants/scopes/known-scopes.js';
import type { ScopeRequirement } from '../../../../src/grants/scopes/scope-requirement.js';
import { guardsOn } from '../../../../src/nest/nest-metadata.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { modulesOf } from '../../../support/modules-of.js';
import {
  verdictOn,
  type Authority,
  type CallerType,
  type Composition,
  type Declarations,
  type Guard,
  type Verdict,
} from '../../../support/policy-oracle.js';
import { FakeGrants, FakeIdentities, FakePlans } from '../fake-services.js';

const RUNS = 10_000;

const types: readonly CallerType[] = ['app', 'user', 'member', 'visitor'];
const guardClasses: Record<Guard, Type<CanActivate>> = {
  any: WixAuthGuard,
  instance: WixInstanceGuard,
  user: WixUserGuard,
};

const guard = fc.constantFrom<Guard>('any', 'any', 'instance', 'user');
const sometimes = <Item>(items: fc.Arbitrary<Item[]>, weight = 5): fc.Arbitrary<Item[]> =>
  fc.oneof({ weight, arbitrary: fc.constant<Item[]>([]) }, { weight: 1, arbitrary: items });
const allow = sometimes(fc.oneof(fc.constant<CallerType[]>(['user']), fc.subarray([...types], { minLength: 1 })));
// Scopes that exist: the start looks for what an unknown one may mean, which takes its time.
const unused = Object.keys(knownScopes);
const twoScopes = (): string[] => unused.splice(0, 2);
const someScopes = (): fc.Arbitrary<string[]> => sometimes(fc.subarray(twoScopes(), { minLength: 1 }));
const plans = sometimes(fc.subarray(['basic', 'pro', 'max'], { minLength: 1 }));
const shorthand = () => {
  const scopes = someScopes();
  return fc.constantFrom<Authority>('instance', 'user').chain((authority) =>
    fc.record({
      authority: fc.constant(authority),
      allow: authority === 'user' ? fc.constant<CallerType[]>([]) : allow,
      scopes,
    }),
  );
};
const declarations = (): fc.Arbitrary<Declarations> =>
  fc.record({
    guards: sometimes(fc.array(guard, { minLength: 1, maxLength: 2 })),
    shorthands: sometimes(fc.array(shorthand(), { minLength: 1, maxLength: 1 }), 4),
    scopes: someScopes(),
    anyScope: someScopes(),
    plans,
    allow,
    isPublic: fc.nat(9).map((roll) => roll === 0),
  });
const composition: fc.Arbitrary<Composition> = fc.record({
  global: sometimes(fc.array(guard, { minLength: 1, maxLength: 2 }), 1),
  base: declarations(),
  class: declarations(),
  method: declarations(),
  reads: fc.constantFrom('nothing', 'nothing', 'optional', 'required'),
});

type Decorator = ClassDecorator & MethodDecorator;

const decoratorsFor = ({
  guards,
  shorthands,
  scopes,
  anyScope,
  plans: required,
  allow: allowed,
  isPublic,
}: Declarations): Decorator[] => [
  ...(guards.length > 0 ? [UseGuards(...guards.map((one) => guardClasses[one]))] : []),
  ...shorthands.map((one) =>
    one.authority === 'user'
      ? WixUserAuth(one.scopes.length > 0 ? { scopes: one.scopes } : {})
      : WixInstanceAuth({
          ...(one.allow.length > 0 ? { allow: one.allow } : {}),
          ...(one.scopes.length > 0 ? { scopes: one.scopes } : {}),
        }),
  ),
  ...(scopes.length > 0 ? [RequireScopes(...scopes)] : []),
  ...(anyScope.length > 0 ? [RequireAnyScope(...anyScope)] : []),
  ...(required.length > 0 ? [RequirePlan(...required)] : []),
  ...(allowed.length > 0 ? [AllowIdentities(...allowed)] : []),
  ...(isPublic ? [WixPublic()] : []),
];

/** The class that is decorated so, with its one route `handle`. */
function controllerOf({ base, class: own, method, reads }: Composition): Type {
  class Base {
    other(): void {
      /* never called */
    }
  }
  class Routes extends Base {
    handle(): void {
      /* never called */
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Routes.prototype, 'handle') ?? {};
  if (reads !== 'nothing')
    (reads === 'optional' ? WixIdentity.optional() : WixIdentity())(Routes.prototype, 'handle', 0);
  [Get(), ...decoratorsFor(method)].forEach((decorate) => decorate(Routes.prototype, 'handle', descriptor));
  decoratorsFor(base).forEach((decorate) => {
    decorate(Base);
  });
  decoratorsFor(own).forEach((decorate) => {
    decorate(Routes);
  });
  return Routes;
}

/** Notes what had to be granted, and grants it. */
class AskedGrants extends FakeGrants {
  readonly requirements: (ScopeRequirement & { readonly holder: 'app' | 'caller' })[] = [];
  override isWarm = false;

  override require(...[identity, requirement, holder]: Parameters<FakeGrants['require']>): Promise<void> {
    this.requirements.push({ ...requirement, holder });
    return super.require(identity, requirement, holder);
  }
}

/** Notes which plans would do, and says that the site has one of them. */
class AskedPlans extends FakePlans {
  override isWarm = false;

  override require(...[, names]: Parameters<FakePlans['require']>): Promise<void> {
    this.asked.push(names);
    return Promise.resolve();
  }
}

/** What became of a composition: as {@link Verdict}, found out by starting it and calling it. */
async function outcomeOf(composed: Composition): Promise<Verdict> {
  const config = new ApplicationConfig();
  const policies = new AccessPolicies(config);
  const identities = new FakeIdentities();
  const grants = new AskedGrants();
  const sitePlans = new AskedPlans();
  const access = new WixAccess({
    policies,
    source: new HttpCredentialSource(),
    identities,
    grants,
    plans: sitePlans,
    events: new AuthEvents(),
    clock: new FakeClock(),
  });
  const made = (type: unknown) => new (type as Type<CanActivate>)(access);
  config.useGlobalGuards(...composed.global.map((one) => made(guardClasses[one])));

  const host = controllerOf(composed);
  const modules = modulesOf([host]);
  try {
    const parts = { modules, config, policies, access, events: new AuthEvents() };
    new WixRouteExplorer(parts, { globalGuard: false, routes: 'none' }).onModuleInit();
  } catch {
    return { starts: false };
  }

  const { handle } = host.prototype as { handle: () => void };
  const guards = [...config.getGlobalGuards(), ...[...guardsOn(host), ...guardsOn(handle)].map(made)];
  const passes = async (token?: string): Promise<boolean> => {
    const context = contextOf(host, handle, token);
    try {
      for (const one of guards) if ((await one.canActivate(context)) !== true) return false;
      return true;
    } catch {
      return false;
    }
  };
  const passing: CallerType[] = [];
  if (await passes()) return { starts: true, isOpen: true, looksAtCredentials: !(await passes('forged')) };
  for (const type of types) if (await passes(`${type}-token`)) passing.push(type);
  const holders = new Set(grants.requirements.map(({ holder }) => holder));
  if (holders.size !== 1) throw new Error(`Scopes were asked of ${[...holders].join(' and ')}.`);
  return {
    starts: true,
    isOpen: false,
    callers: new Set(passing),
    holder: [...holders][0] ?? 'app',
    all: new Set(grants.requirements.flatMap(({ all }) => all)),
    any: new Set(grants.requirements.flatMap(({ any }) => any.map((group) => group.join(' | ')))),
    plans: sitePlans.asked[0] && new Set(sitePlans.asked[0]),
  };
}

function contextOf(host: Type, handler: () => void, token?: string): ExecutionContext {
  const headers = token === undefined ? {} : { authorization: token };
  return new ExecutionContextHost([{ headers, rawHeaders: [] }, { header: () => undefined }], host, handler);
}

describe('The rules of policies', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it(`decide as the contract says over ${String(RUNS)} compositions of decorators`, async () => {
    await fc.assert(
      fc.asyncProperty(composition, async (composed) => {
        expect(await outcomeOf(composed)).toEqual(verdictOn(composed));
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  it('cover every kind of verdict in these compositions', () => {
    const kinds = fc
      .sample(composition, { numRuns: 2_000, seed: 12 })
      .map(verdictOn)
      .map((verdict) => (verdict.starts ? (verdict.isOpen ? 'open' : verdict.holder) : 'refused'));
    for (const kind of ['open', 'app', 'caller', 'refused']) {
      expect(kinds.filter((one) => one === kind).length).toBeGreaterThan(50);
    }
  });
});
