import { requiresNothing, scopesNamedBy } from '../../../../src/grants/scopes/scope-requirement.js';

describe('a scope requirement', () => {
  it('names every scope once', () => {
    expect(scopesNamedBy({ all: ['A', 'B'], any: [['B', 'C'], ['A']] })).toEqual(['A', 'B', 'C']);
  });

  it('requires nothing only when both parts are empty', () => {
    expect(requiresNothing({ all: [], any: [] })).toBe(true);
    expect(requiresNothing({ all: ['A'], any: [] })).toBe(false);
    expect(requiresNothing({ all: [], any: [['A']] })).toBe(false);
  });
});
