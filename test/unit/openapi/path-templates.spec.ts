import { templateIn, templatesOf } from '../../../src/openapi/path-templates.js';

describe('templatesOf', () => {
  it.each([
    ['/products', ['/products']],
    ['/products/:id/reviews/:review', ['/products/{}/reviews/{}']],
    ['{/:language}/products', ['/{}/products', '/products']],
    ['/files/*path', ['/files/{}']],
    ['/', ['/']],
  ])('%s is written %j', (path, templates) => {
    expect(templatesOf(path)).toEqual(templates);
  });

  it('returns none for a path of older syntax that the parser refuses', () => {
    expect(templatesOf('/files/(.*)')).toEqual([]);
  });
});

describe('templateIn', () => {
  it('ignores the names of parameters and a slash at the end', () => {
    expect(['/products/{productId}/', '/', '/a/{b}-{c}'].map(templateIn)).toEqual(['/products/{}', '/', '/a/{}-{}']);
  });
});
