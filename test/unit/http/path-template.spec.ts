import { pathTemplate } from '../../../src/http/path-template.js';

describe('pathTemplate', () => {
  it.each([
    ['/oauth2/token-info', '/oauth2/token-info'],
    ['/apps/v1/instance', '/apps/v1/instance'],
    ['/roles-management/v2/contributors/query?limit=100', '/roles-management/v2/contributors/query'],
    ['/stores/v3/products/6f1f6a52-3b1c-4d6f-8f0e-0d8a1c7a2b11', '/stores/v3/products/{id}'],
    ['/stores/v1/collections/00000000-000000-000000-000000000001/productIds', '/stores/v1/collections/{id}/productIds'],
    ['/members/v1/members/anna%40example.com', '/members/v1/members/{id}'],
    ['/contacts/v4/contacts/Anna', '/contacts/v4/contacts/{id}'],
    ['/a/123', '/a/{id}'],
    ['/a#secret', '/a'],
  ])('turns %s into %s', (path, template) => {
    expect(pathTemplate(path)).toBe(template);
  });

  it('is bounded', () => {
    expect(pathTemplate('/a'.repeat(1_000)).length).toBeLessThan(50);
    expect(pathTemplate(`/${'a'.repeat(1_000)}`)).toBe('/{id}');
  });
});
