import fc from 'fast-check';

import { knownScopes, type KnownScope } from '../../../src/grants/scopes/known-scopes.js';
import type { ScopeRequirement } from '../../../src/grants/scopes/scope-requirement.js';
import {
  appGrantsOf,
  intersectionOf,
  isSatisfied,
  lackingOf,
  mappedGrantsOf,
  type WixGrants,
} from '../../../src/grants/wix-grants.js';

describe('what the app holds', () => {
  it('is what the site granted, and what that contains, including observed containment', () => {
    const grants = appGrantsOf(['SCOPE.DC-STORES.MANAGE-PRODUCTS']);

    expect(grants.holds('SCOPE.DC-STORES.MANAGE-PRODUCTS')).toBe(true);
    expect(grants.holds('SCOPE.DC-STORES.READ-PRODUCTS')).toBe(true);
    expect(grants.holds('SCOPE.DC-STORES.MANAGE-ORDERS')).toBe(false);
    expect(grants.ids).toEqual(new Set(['SCOPE.DC-STORES.MANAGE-PRODUCTS']));
  });

  it('includes the permission ids that its scopes are known to grant', () => {
    expect(appGrantsOf(['SCOPE.DC-DATA.READ']).holds('WIX_DATA.QUERY')).toBe(true);
  });

  it('satisfies a scope by permission ids when all known ones are listed', () => {
    expect(appGrantsOf(['WIX_DATA.GET', 'WIX_DATA.QUERY']).holds('SCOPE.DC-DATA.READ')).toBe(true);
    expect(appGrantsOf(['WIX_DATA.GET']).holds('SCOPE.DC-DATA.READ')).toBe(false);
  });

  it('does not satisfy by permission ids a scope for which none are known', () => {
    const everything = ['WIX_DATA.GET', 'WIX_DATA.QUERY', 'WIX_DATA.INSERT'];

    expect(appGrantsOf(everything).holds('SCOPE.DC-DATA.WRITE')).toBe(false);
    expect(appGrantsOf(everything).holds('SCOPE.NEW.SCOPE')).toBe(false);
  });

  it.each([
    ['SCOPE.DC-CONTACTS.MANAGE-CONTACTS', 'CONTACTS.VIEW'],
    ['SCOPE.DC-CONTACTS.READ-CONTACTS', 'TASKS.READ'],
    ['SCOPE.DC-CRM.MANAGE-TASKS', 'TASKS.READ'],
    ['SCOPE.DC-INBOX.MANAGE-MSGS', 'INBOX.READ'],
  ])('does not satisfy %s by %s', (scope, permission) => {
    expect(appGrantsOf([permission]).holds(scope)).toBe(false);
  });

  it('satisfies a managing scope by its own id alone, however many permission ids are listed', () => {
    for (const [id, { kind, permissions }] of Object.entries<KnownScope>(knownScopes)) {
      const isProven = kind === 'read' && permissions.length > 0;
      expect([id, appGrantsOf(permissions).holds(id)]).toEqual([id, isProven]);
      expect([id, appGrantsOf([id]).holds(id)]).toEqual([id, true]);
    }
  });

  it('can be required by permission ids too', () => {
    const grants = appGrantsOf(['CONTACTS.VIEW']);
    expect(grants.holds('CONTACTS.VIEW')).toBe(true);
    expect(grants.holds('CONTACTS.MODIFY')).toBe(false);
  });

  it('does not include a scope because of permissions that only another scope grants', () => {
    const grants = appGrantsOf(['SCOPE.DC-STORES.READ-PRODUCTS']);

    expect(grants.holds('CATEGORIES.CATEGORY_READ')).toBe(true);
    expect(grants.holds('SCOPE.CATEGORIES.CATEGORY_READ')).toBe(false);
  });

  it('is nothing when nothing was granted', () => {
    expect(appGrantsOf([]).holds('SCOPE.DC-DATA.READ')).toBe(false);
    expect(appGrantsOf([]).holds('')).toBe(false);
  });
});

describe('what a user was mapped to', () => {
  it('expands by documented containment only', () => {
    expect(mappedGrantsOf(['SCOPE.DC-BLOG.MANAGE-BLOG']).holds('SCOPE.DC-BLOG.READ-BLOGS')).toBe(true);
    expect(mappedGrantsOf(['SCOPE.DC-STORES.MANAGE-PRODUCTS']).holds('SCOPE.DC-STORES.READ-PRODUCTS')).toBe(false);
  });

  it('is not satisfied by a list of permission ids', () => {
    expect(mappedGrantsOf(['WIX_DATA.GET', 'WIX_DATA.QUERY']).holds('SCOPE.DC-DATA.READ')).toBe(false);
  });
});

describe('intersectionOf', () => {
  const both = intersectionOf(
    appGrantsOf(['A', 'B', 'SCOPE.DC-BLOG.MANAGE-BLOG']),
    mappedGrantsOf(['B', 'C', 'SCOPE.DC-BLOG.READ-BLOGS']),
  );

  it('holds what both hold, and nothing only one of them does', () => {
    expect(['A', 'B', 'C'].map((scope) => both.holds(scope))).toEqual([false, true, false]);
  });

  it('holds a contained scope that one has by containment, and not the containing one', () => {
    expect(both.holds('SCOPE.DC-BLOG.READ-BLOGS')).toBe(true);
    expect(both.holds('SCOPE.DC-BLOG.MANAGE-BLOG')).toBe(false);
  });

  it('lists the ids both hold', () => {
    expect(both.ids).toEqual(new Set(['B', 'SCOPE.DC-BLOG.READ-BLOGS']));
  });
});

describe('lackingOf', () => {
  const grants = appGrantsOf(['A', 'B']);
  const lacking = (requirement: Partial<ScopeRequirement>): readonly string[] =>
    lackingOf({ all: [], any: [], ...requirement }, grants);

  it('names every missing scope of `all`', () => {
    expect(lacking({ all: ['A', 'C', 'D'] })).toEqual(['C', 'D']);
    expect(lacking({ all: ['A', 'B'] })).toEqual([]);
  });

  it('asks for one of every group in `any`, and names all members of a group without one', () => {
    expect(
      lacking({
        any: [
          ['A', 'X'],
          ['Y', 'B'],
        ],
      }),
    ).toEqual([]);
    expect(
      lacking({
        any: [
          ['A', 'X'],
          ['Y', 'Z'],
        ],
      }),
    ).toEqual(['Y', 'Z']);
    expect(lacking({ all: ['Y'], any: [['Y', 'Z']] })).toEqual(['Y', 'Z']);
  });
});

describe('Granting more', () => {
  const scopes = Object.keys(knownScopes);
  const permissions = Object.values<KnownScope>(knownScopes).flatMap((scope) => scope.permissions);
  const ids = [...new Set([...scopes, ...permissions])];
  const someIds = fc.uniqueArray(fc.constantFrom(...ids, 'SCOPE.UNKNOWN'), { maxLength: 12 });
  const requirement = fc.record({ all: someIds, any: fc.array(someIds, { maxLength: 3 }) });
  const kinds: readonly (readonly [string, (ids: readonly string[]) => WixGrants])[] = [
    ['app', appGrantsOf],
    ['mapped caller', mappedGrantsOf],
    ['app and caller', (granted) => intersectionOf(appGrantsOf(granted), mappedGrantsOf(granted))],
  ];

  it.each(kinds)('never takes away what was possible with less (%s)', (_kind, grantsOf) => {
    fc.assert(
      fc.property(someIds, someIds, requirement, (few, added, required) => {
        const [less, more] = [grantsOf(few), grantsOf([...few, ...added])];
        expect(ids.filter((id) => less.holds(id) && !more.holds(id))).toEqual([]);
        expect(lackingOf(required, less)).toEqual(expect.arrayContaining([...lackingOf(required, more)]));
        if (isSatisfied(required, less)) expect(isSatisfied(required, more)).toBe(true);
      }),
    );
  });
});
