import { expanded, provingPermissionsOf } from '../../../../src/grants/scopes/scope-catalogue.js';

describe('provingPermissionsOf', () => {
  it('names those of a read scope, and none of one that manages', () => {
    expect(provingPermissionsOf('SCOPE.DC-DATA.READ')).toEqual(['WIX_DATA.GET', 'WIX_DATA.QUERY']);
    expect(provingPermissionsOf('SCOPE.DC-CONTACTS.MANAGE-CONTACTS')).toEqual([]);
  });
});

describe('expanded', () => {
  it('includes its input, known or not', () => {
    expect(expanded(['SCOPE.NEW.SCOPE', 'SOME.PERMISSION'], 'observed')).toEqual(
      new Set(['SCOPE.NEW.SCOPE', 'SOME.PERMISSION']),
    );
    expect(expanded([], 'observed')).toEqual(new Set());
  });

  it('adds what Wix documents, whichever containment is used', () => {
    for (const containment of ['documented', 'observed'] as const) {
      expect(expanded(['SCOPE.DC-BLOG.MANAGE-BLOG'], containment)).toContain('SCOPE.DC-BLOG.READ-BLOGS');
    }
  });

  it('adds what was only observed where that is used, and nowhere else', () => {
    expect(expanded(['SCOPE.DC-STORES.MANAGE-PRODUCTS'], 'observed')).toContain('SCOPE.DC-STORES.READ-PRODUCTS');
    expect(expanded(['SCOPE.DC-STORES.MANAGE-PRODUCTS'], 'documented')).not.toContain('SCOPE.DC-STORES.READ-PRODUCTS');
  });

  it('follows containment through contained scopes', () => {
    const all = expanded(['SCOPE.DC-STORES-MEGA.MANAGE-STORES'], 'documented');

    expect(all).toContain('SCOPE.DC-ECOM-MEGA.MANAGE-ECOM');
    expect(all).toContain('SCOPE.DC-ECOM-MEGA.READ-ECOM');
    expect(all).toContain('WIX_STORES.READ_INVENTORY');
  });

  it('never expands a read scope to one that writes, or data writing to data reading', () => {
    expect(expanded(['SCOPE.DC-STORES-MEGA.READ-STORES'], 'observed')).not.toContain('SCOPE.DC-STORES.MANAGE-PRODUCTS');
    expect(expanded(['SCOPE.DC-DATA.WRITE'], 'observed')).toEqual(new Set(['SCOPE.DC-DATA.WRITE']));
  });

  it.each(['constructor', '__proto__', 'toString'])('finds no scope named %j', (id) => {
    expect(expanded([id], 'observed')).toEqual(new Set([id]));
    expect(provingPermissionsOf(id)).toEqual([]);
  });
});
