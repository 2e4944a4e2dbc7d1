import { expressMatcher, fastifyMatcher } from '../../../src/signed-requests/signed-routes.js';

const signed = (method: string, path: string) => ({ method, path, isSigned: true });
const open = (method: string, path: string) => ({ method, path, isSigned: false });

describe('expressMatcher', () => {
  const routing = {
    sensitive: false,
    strict: false,
    normalizePath: (path: string) => path.replace('*', '{*path}'),
  };
  const matches = (routes: Parameters<typeof expressMatcher>[0], settings: object = {}) => {
    const matcher = expressMatcher(routes, { ...routing, ...settings });
    return (request: string) => {
      const [method = '', path = ''] = request.split(' ');
      return matcher(method, path);
    };
  };

  it('compares the method, or accepts every one where the route does', () => {
    const isSigned = matches([signed('POST', '/a'), signed('ALL', '/b')]);
    expect(['POST /a', 'PUT /a', 'PUT /b', 'POST /c'].map(isSigned)).toEqual([true, false, true, false]);
  });

  it.each([
    [{}, [true, true, true]],
    [{ sensitive: true }, [true, false, true]],
    [{ strict: true }, [true, true, false]],
  ])("follows the application's settings %j", (settings, expected) => {
    const isSigned = matches([signed('POST', '/rates/:id')], settings);
    expect(['POST /rates/x', 'POST /RATES/x', 'POST /rates/x/'].map(isSigned)).toEqual(expected);
  });

  it('supports the older syntax that Nest rewrites', () => {
    expect(matches([signed('POST', '/rates/*')])('POST /rates/a/b')).toBe(true);
  });

  it('uses the first route that matches', () => {
    const isSigned = matches([
      open('POST', '/rates/now'),
      signed('POST', '/rates/:when'),
      open('POST', '/rates/later'),
    ]);
    expect(['POST /rates/now', 'POST /rates/later'].map(isSigned)).toEqual([false, true]);
  });
});

describe('fastifyMatcher', () => {
  it('compares with the path of the matched route', () => {
    const matcher = fastifyMatcher([signed('POST', '/a/:id'), signed('ALL', '/b'), open('POST', '/a/now')]);
    expect([matcher('POST', '/a/:id'), matcher('GET', '/b'), matcher('POST', '/a/now')]).toEqual([true, true, false]);
    expect(matcher('GET', '/a/:id')).toBe(false);
  });
});
