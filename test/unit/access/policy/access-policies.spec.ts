import { UseGuards, type Type } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';

import { AccessPolicies, type ResolvedAccess } from '../../../../src/access/policy/access-policies.js';
import { AllowIdentities } from '../../../../src/access/decorators/allow-identities.decorator.js';
import type { WixAuthority } from '../../../../src/access/policy/authority.js';
import { HttpCredentialSource } from '../../../../src/access/credentials/http-credential.source.js';
import { RequireAnyScope } from '../../../../src/access/decorators/require-any-scope.decorator.js';
import { RequireScopes } from '../../../../src/access/decorators/require-scopes.decorator.js';
import { WixAccess } from '../../../../src/access/guards/wix-access.service.js';
import { WixAuthGuard } from '../../../../src/access/guards/wix-auth.guard.js';
import { WixIdentity } from '../../../../src/access/decorators/wix-identity.decorator.js';
import { WixInstanceAuth } from '../../../../src/access/decorators/wix-instance-auth.decorator.js';
import { WixInstanceGuard } from '../../../../src/access/guards/wix-instance.guard.js';
import { WixPublic } from '../../../../src/access/decorators/wix-public.decorator.js';
import { WixUserAuth } from '../../../../src/access/decorators/wix-user-auth.decorator.js';
import { WixUserGuard } from '../../../../src/access/guards/wix-user.guard.js';
import { AuthEvents } from '../../../../src/core/auth-events.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { FakeGrants, FakeIdentities, FakePlans } from '../fake-services.js';

const access = new WixAccess({
  policies: new AccessPolicies(new ApplicationConfig()),
  source: new HttpCredentialSource(),
  identities: new FakeIdentities(),
  grants: new FakeGrants(),
  plans: new FakePlans(),
  events: new AuthEvents(),
  clock: new FakeClock(),
});

interface Declared {
  readonly onClass?: readonly (ClassDecorator & MethodDecorator)[];
  readonly onMethod?: readonly (ClassDecorator & MethodDecorator)[];
  readonly base?: Type;
}

/** A class with one handler, decorated as `@A() @B()` written in that order would be. */
function declared({ onClass = [], onMethod = [], base = Object }: Declared): Type {
  class Routes extends base {
    handle(): void {
      /* never called */
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Routes.prototype, 'handle') ?? {};
  [...onMethod].reverse().forEach((decorate) => decorate(Routes.prototype, 'handle', descriptor));
  [...onClass].reverse().forEach((decorate) => {
    decorate(Routes);
  });
  return Routes;
}

function resolve(
  what: Declared,
  { running = 'auth', config = new ApplicationConfig() }: { running?: WixAuthority; config?: ApplicationConfig } = {},
): ResolvedAccess {
  const host = declared(what);
  const { handle } = host.prototype as { handle: () => void };
  return new AccessPolicies(config).resolve(host, handle, running);
}

describe('AccessPolicies', () => {
  describe('authority', () => {
    it.each([
      ['auth', WixAuthGuard, ['app', 'user', 'member', 'visitor'], 'caller'],
      ['instance', WixInstanceGuard, ['app'], 'app'],
      ['user', WixUserGuard, ['user'], 'caller'],
    ] as const)('%s brings its own default identities and scope holders', (authority, guard, identities, holders) => {
      const { policy, problems } = resolve({ onMethod: [UseGuards(guard)] });
      expect(policy).toMatchObject({ authority, identities, scopeAuthority: holders });
      expect(problems).toEqual([]);
    });

    it('of the method wins over the class', () => {
      const what = { onClass: [UseGuards(WixUserGuard)], onMethod: [UseGuards(WixInstanceGuard)] };
      expect(resolve(what).policy.authority).toBe('instance');
      expect(resolve(what, { running: 'user' }).policy.authority).toBe('instance');
    });

    it('of a class wins over its base class', () => {
      const base = declared({ onClass: [UseGuards(WixInstanceGuard)] });
      const { policy, problems } = resolve({ base, onClass: [UseGuards(WixUserGuard)] });
      expect(policy.authority).toBe('user');
      expect(problems).toEqual([]);
    });

    it('is inherited from a base class', () => {
      const base = declared({ onClass: [UseGuards(WixUserGuard)] });
      expect(resolve({ base }).policy.authority).toBe('user');
    });

    it('applies to subclasses of our guards and to guards given as instances', () => {
      class AdminGuard extends WixUserGuard {}
      expect(resolve({ onMethod: [UseGuards(AdminGuard)] }).policy.authority).toBe('user');
      expect(resolve({ onMethod: [UseGuards(new WixInstanceGuard(access))] }).policy.authority).toBe('instance');
    });

    it('is not read from other guards', () => {
      const theirs = { canActivate: () => true };
      expect(resolve({ onMethod: [UseGuards(theirs, WixUserGuard)] })).toMatchObject({
        policy: { authority: 'user' },
        problems: [],
      });
    });

    it('of a global guard applies where the route names none', () => {
      const config = new ApplicationConfig();
      config.useGlobalGuards(new WixAuthGuard(access), new WixUserGuard(access));
      expect(resolve({}, { config }).policy.authority).toBe('user');
      expect(resolve({ onMethod: [UseGuards(WixAuthGuard)] }, { config }).policy.authority).toBe('user');
    });

    it('of a global guard cannot be replaced, and may be repeated', () => {
      const config = new ApplicationConfig();
      config.useGlobalGuards(new WixUserGuard(access));
      const base = declared({ onClass: [WixInstanceAuth()] });
      expect(resolve({ onMethod: [WixUserAuth()] }, { config }).problems).toEqual([]);
      expect(resolve({ onMethod: [WixInstanceAuth()] }, { config }).problems).toHaveLength(1);
      expect(resolve({ base, onMethod: [WixUserAuth()] }, { config }).problems).toHaveLength(1);
    });

    it('of a guard made global after the first call still applies', () => {
      const config = new ApplicationConfig();
      const policies = new AccessPolicies(config);
      const host = declared({ onClass: [UseGuards(WixAuthGuard)] });
      const { handle } = host.prototype as { handle: () => void };
      expect(policies.of(host, handle, 'auth').identities).toContain('visitor');
      config.useGlobalGuards(new WixUserGuard(access));
      expect(policies.of(host, handle, 'user').identities).toEqual(['user']);
    });

    it('of a guard that other code calls is its own, whatever the route declares', () => {
      expect(resolve({}, { running: 'user' }).policy.identities).toEqual(['user']);
      expect(resolve({ onClass: [UseGuards(WixAuthGuard)] }, { running: 'user' }).policy.identities).toEqual(['user']);
      const widened = { onClass: [UseGuards(WixAuthGuard), AllowIdentities('visitor')] };
      expect(resolve(widened, { running: 'user' }).policy.identities).toEqual(['user']);
      expect(resolve(widened, { running: 'instance' }).policy.identities).toEqual(['visitor']);
      expect(resolve({ onClass: [WixUserAuth()] }, { running: 'instance' }).policy.identities).toEqual(['app']);
    });

    it('cannot be two on one level', () => {
      expect(resolve({ onMethod: [WixUserAuth(), WixInstanceAuth()] }).problems).toHaveLength(1);
      expect(resolve({ onClass: [UseGuards(WixUserGuard, WixInstanceGuard)] }).problems).toHaveLength(1);
      const config = new ApplicationConfig();
      config.useGlobalGuards(new WixInstanceGuard(access), new WixUserGuard(access));
      expect(resolve({}, { config }).problems).toHaveLength(1);
    });

    it('is not loosened by WixAuthGuard, on any level', () => {
      const closing: Declared[] = [
        { onClass: [WixUserAuth()], onMethod: [UseGuards(WixAuthGuard)] },
        { onClass: [UseGuards(WixAuthGuard, WixUserGuard)] },
        { onClass: [UseGuards(WixAuthGuard)], base: declared({ onClass: [UseGuards(WixUserGuard)] }) },
      ];
      for (const what of closing) {
        expect(resolve(what)).toMatchObject({ policy: { authority: 'user', identities: ['user'] }, problems: [] });
      }
    });

    it('may be named twice on one level when it is the same', () => {
      class AdminGuard extends WixUserGuard {}
      expect(resolve({ onMethod: [WixUserAuth(), UseGuards(AdminGuard)] }).problems).toEqual([]);
    });
  });

  describe('scopes', () => {
    const { policy } = resolve({
      onClass: [RequireScopes('SCOPE.A'), RequireAnyScope('SCOPE.B', 'SCOPE.C')],
      onMethod: [RequireScopes('SCOPE.D'), WixUserAuth({ scopes: ['SCOPE.E', 'SCOPE.A'], anyScope: ['SCOPE.F'] })],
    });

    it('add up over class, method and shorthand', () => {
      expect(new Set(policy.requirement.all)).toEqual(new Set(['SCOPE.A', 'SCOPE.D', 'SCOPE.E']));
      expect(policy.requirement.all).toHaveLength(3);
    });

    it('of each any-of remain a separate group', () => {
      expect(policy.requirement.any).toEqual([['SCOPE.F'], ['SCOPE.B', 'SCOPE.C']]);
    });

    it('add up in any order of decorators', () => {
      const orders = [
        [RequireScopes('SCOPE.A'), WixUserAuth({ scopes: ['SCOPE.B'] })],
        [WixUserAuth({ scopes: ['SCOPE.B'] }), RequireScopes('SCOPE.A')],
      ];
      for (const onMethod of orders) {
        expect([...resolve({ onMethod }).policy.requirement.all].sort()).toEqual(['SCOPE.A', 'SCOPE.B']);
      }
    });

    it('are inherited from a base class', () => {
      const base = declared({ onClass: [RequireScopes('SCOPE.A')] });
      const { policy: inherited } = resolve({ base, onClass: [RequireScopes('SCOPE.B')] });
      expect(inherited.requirement.all).toEqual(['SCOPE.B', 'SCOPE.A']);
    });

    it.each([
      'SCOPE.DC-STORES.MANAGE-PRODUCTS',
      'SCOPE.CATEGORIES.CATEGORY_READ_LIMITED',
      'WIX_STORES.READ_INVENTORY',
      'app-market.manage-app',
      'bookings:availability:v2:time_slot:diagnose_availability',
    ])('may have the name %s', (scope) => {
      expect(resolve({ onMethod: [RequireScopes(scope)] }).problems).toEqual([]);
    });

    it.each([
      '',
      ' SCOPE.A',
      'SCOPE.A ',
      'SCOPE',
      'SCOPE..A',
      'SCOPE.A,SCOPE.B',
      'SCOPE.A SCOPE.B',
      'scope.dc-stores.read',
      'Manage Products',
      `SCOPE.${'A'.repeat(200)}`,
    ])('cannot have the name "%s"', (scope) => {
      expect(resolve({ onMethod: [RequireScopes(scope)] }).problems).toHaveLength(1);
      expect(resolve({ onClass: [RequireAnyScope(scope, 'SCOPE.A')] }).problems).toHaveLength(1);
    });

    it('are not empty where they are required', () => {
      expect(resolve({ onMethod: [RequireScopes()] }).problems).toHaveLength(1);
      expect(resolve({ onMethod: [WixUserAuth({ anyScope: [] })] }).problems).toHaveLength(1);
    });
  });

  describe('identities', () => {
    it('replace the default of the guard', () => {
      const { policy } = resolve({ onMethod: [WixInstanceAuth({ allow: ['visitor', 'member'] })] });
      expect(policy.identities).toEqual(['visitor', 'member']);
    });

    it('of the method win over the class', () => {
      const { policy } = resolve({
        onClass: [UseGuards(WixAuthGuard), AllowIdentities('visitor')],
        onMethod: [AllowIdentities('user', 'app')],
      });
      expect(policy.identities).toEqual(['user', 'app']);
    });

    it('of the class apply to a method that names none', () => {
      const { policy } = resolve({ onClass: [AllowIdentities('member')], onMethod: [UseGuards(WixAuthGuard)] });
      expect(policy.identities).toEqual(['member']);
    });

    it('of the class do not apply to a method with its own authority', () => {
      const onClass = [UseGuards(WixAuthGuard), AllowIdentities('visitor', 'member', 'user')];
      for (const [shorthand, identities] of [
        [WixUserAuth(), ['user']],
        [WixInstanceAuth({ scopes: ['SCOPE.A'] }), ['app']],
        [WixInstanceAuth({ allow: ['member'] }), ['member']],
      ] as const) {
        const { policy, problems } = resolve({ onClass, onMethod: [shorthand] });
        expect(policy.identities).toEqual(identities);
        expect(problems).toEqual([]);
      }
    });

    it('of the method narrow or widen those of the class, under its authority', () => {
      const onClass = [WixInstanceAuth({ allow: ['visitor', 'member'] })];
      for (const list of [['visitor'], ['visitor', 'member', 'user']] as const) {
        const { policy } = resolve({ onClass, onMethod: [UseGuards(WixAuthGuard), AllowIdentities(...list)] });
        expect(policy).toMatchObject({ authority: 'instance', identities: list });
      }
    });

    it.each<Declared>([
      { onMethod: [UseGuards(WixUserGuard), AllowIdentities('visitor')] },
      { onMethod: [WixUserAuth(), AllowIdentities('user', 'app')] },
      { onClass: [WixUserAuth()], onMethod: [AllowIdentities('user', 'member')] },
      { onClass: [WixUserAuth(), AllowIdentities('app')], onMethod: [WixInstanceAuth()] },
    ])('cannot add to a guard for users: %#', (what) => {
      expect(resolve(what).problems).toHaveLength(1);
    });

    it('are declared once on a level, and not empty', () => {
      const twice = [AllowIdentities('user'), WixInstanceAuth({ allow: ['app'] })];
      expect(resolve({ onMethod: twice }).problems).toHaveLength(1);
      expect(resolve({ onMethod: [AllowIdentities()] }).problems).toHaveLength(1);
    });

    it('are one of the four kinds', () => {
      expect(resolve({ onMethod: [AllowIdentities('admin' as 'user')] }).problems).toHaveLength(1);
    });
  });

  describe('publicness', () => {
    it('of the method wins over guard and scopes of the class', () => {
      const { policy, problems } = resolve({
        onClass: [WixUserAuth({ scopes: ['SCOPE.A'] }), AllowIdentities('user')],
        onMethod: [WixPublic()],
      });
      expect(policy.isPublic).toBe(true);
      expect(problems).toEqual([]);
    });

    it.each([UseGuards(WixAuthGuard), RequireScopes('SCOPE.A'), AllowIdentities('user')])(
      'of the class ends where the method protects itself',
      (protection) => {
        const { policy, problems } = resolve({ onClass: [WixPublic()], onMethod: [protection] });
        expect(policy.isPublic).toBe(false);
        expect(problems).toEqual([]);
      },
    );

    it.each([
      RequireScopes('SCOPE.A'),
      RequireAnyScope('SCOPE.A'),
      AllowIdentities('user'),
      UseGuards(WixUserGuard),
      UseGuards(WixInstanceGuard),
    ])('contradicts protection on the same level', (protection) => {
      expect(resolve({ onMethod: [WixPublic(), protection] }).problems).toHaveLength(1);
      expect(resolve({ onClass: [protection, WixPublic()] }).problems).toHaveLength(1);
    });

    it('of the class also ends under a guard for anyone', () => {
      const { policy } = resolve({ onClass: [WixPublic()], onMethod: [UseGuards(WixAuthGuard)] });
      expect(policy.isPublic).toBe(false);
    });

    it('sets aside the scopes of outer levels on a method only', () => {
      const base = declared({ onClass: [RequireScopes('SCOPE.A')] });
      const opened = resolve({ base, onMethod: [WixPublic()] });
      expect(opened).toMatchObject({ policy: { isPublic: true, requirement: { all: [], any: [] } }, problems: [] });
      expect(resolve({ base, onClass: [WixPublic()] }).problems).toHaveLength(1);
      expect(resolve({ base, onClass: [WixPublic()], onMethod: [WixUserAuth()] }).problems).toEqual([]);
    });

    it('can be combined with the guard for anyone', () => {
      const { policy, problems } = resolve({ onMethod: [WixPublic(), UseGuards(WixAuthGuard)] });
      expect(policy).toMatchObject({ isPublic: true, skipsAuthentication: true });
      expect(problems).toEqual([]);
    });

    it('verifies the caller only where a parameter reads the identity', () => {
      class Routes {
        @WixPublic()
        greet(@WixIdentity.optional() identity?: object) {
          return identity;
        }

        @WixPublic()
        demand(@WixIdentity() identity: object) {
          return identity;
        }
      }
      const policies = new AccessPolicies(new ApplicationConfig());
      const greeting = policies.resolve(Routes, Routes.prototype.greet, 'auth');
      expect(greeting).toMatchObject({ policy: { isPublic: true, skipsAuthentication: false }, problems: [] });
      expect(policies.resolve(Routes, Routes.prototype.demand, 'auth').problems).toHaveLength(1);
    });
  });

  describe('of classes that inherit their handlers', () => {
    class Base {
      list() {
        return undefined;
      }
      @RequireScopes('SCOPE.TO.EDIT')
      edit() {
        return undefined;
      }
    }
    @UseGuards(WixUserGuard)
    class ForUsers extends Base {}
    @UseGuards(WixInstanceGuard)
    class ForTheApp extends Base {}
    const { list, edit } = Base.prototype;

    it('are separate', () => {
      const policies = new AccessPolicies(new ApplicationConfig());
      expect(policies.of(ForUsers, list, 'user').authority).toBe('user');
      expect(policies.of(ForTheApp, list, 'instance').authority).toBe('instance');
      expect(policies.of(ForUsers, list, 'user')).toBe(policies.of(ForUsers, list, 'auth'));
    });

    it('apply to the current call, whatever the previous call required', () => {
      const policies = new AccessPolicies(new ApplicationConfig());
      // Each differs from the one before in a single respect.
      const calls = [
        { host: ForUsers, handler: list, guard: 'auth', authority: 'user', scopes: [] },
        { host: ForTheApp, handler: list, guard: 'auth', authority: 'instance', scopes: [] },
        { host: ForTheApp, handler: edit, guard: 'auth', authority: 'instance', scopes: ['SCOPE.TO.EDIT'] },
        { host: ForTheApp, handler: edit, guard: 'user', authority: 'user', scopes: ['SCOPE.TO.EDIT'] },
      ] as const;
      for (const { host, handler, guard, authority, scopes } of [...calls, ...calls]) {
        expect(policies.of(host, handler, guard)).toMatchObject({ authority, requirement: { all: scopes } });
      }
    });
  });

  it('refuses on first use contradictory handlers that were loaded after startup', async () => {
    const host = declared({ onMethod: [WixUserAuth(), AllowIdentities('visitor')] });
    const { handle } = host.prototype as { handle: () => void };
    const use = () => new AccessPolicies(new ApplicationConfig()).of(host, handle, 'user');
    expect(await codeOf(use)).toBe('WIX_MISCONFIGURED');
    expect(use).toThrow(/Routes\.handle/);
  });
});
