import { ApplicationConfig, ModulesContainer } from '@nestjs/core';

import { InstallAddresses } from '../../../src/install/flows/install-addresses.js';
import { installSettings, type WixInstallOptions } from '../../../src/install/install.options.js';
import { RouteAddresses } from '../../../src/nest/route-addresses.js';
import { resolveOptions } from '../../../src/options/wix-auth.options.js';
import { APP_ID, APP_SECRET } from '../../support/app.js';
import { errorOf } from '../../support/code-of.js';

const GOOD = { publicUrl: 'https://app.test' };

const problemsOf = async (install: object): Promise<string | undefined> => {
  const options = { appId: APP_ID, appSecret: APP_SECRET };
  const error = await errorOf(() => resolveOptions(options, { install: { ...GOOD, ...install } }));
  return error?.message;
};

describe('The options of installations', () => {
  it('have defaults, all of them strict', () => {
    expect(installSettings(GOOD)).toEqual({
      path: 'wix/install',
      customAuthentication: false,
      signedInstance: 'required',
      cookie: 'required',
      redirectOrigins: [],
      wixUrl: undefined,
      refreshTokenFolder: '.wix-auth/refresh-tokens',
      decorators: [],
    });
  });

  it.each<[string, Partial<Record<keyof WixInstallOptions, unknown>>]>([
    ['an empty path', { path: '/' }],
    ['a path with parameters', { path: 'wix/:id' }],
    ['an unknown choice about signatures', { signedInstance: 'never' }],
    ['an unknown choice about cookies', { cookie: false }],
    ['a switch that is text', { customAuthentication: 'true' }],
    ['an origin with a path', { redirectOrigins: ['https://app.test/welcome'] }],
    ['an origin without TLS', { redirectOrigins: ['http://app.test'] }],
    ['an origin that is not in a list', { redirectOrigins: 'https://app.test' }],
    ['a Wix without TLS', { wixUrl: 'http://wix.test' }],
    ['an empty folder', { refreshTokenFolder: '' }],
  ])('refuse %s when the application starts', async (_what, options) => {
    const [name = ''] = Object.keys(options);
    expect(await problemsOf(options)).toContain(`install.${name} must be`);
  });

  it.each(['http://app.test', 'app.test', 'https://user:secret@app.test', 'https://app.test/?a', 'ftp://app.test', ''])(
    'refuse %j as the public URL when the application starts',
    async (publicUrl) => {
      expect(await problemsOf({ publicUrl })).toContain('install.publicUrl must be');
      expect(await problemsOf({ publicUrl: () => publicUrl })).toContain('install.publicUrl must be');
    },
  );

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
    'accept %s for tests',
    async (publicUrl) => {
      expect(await problemsOf({ publicUrl })).toBeUndefined();
    },
  );
});

describe('InstallAddresses', () => {
  const settings = { ...GOOD, ...installSettings({ ...GOOD, redirectOrigins: ['https://front.test'] }) };
  const addresses = new InstallAddresses(
    new RouteAddresses(new ModulesContainer(), new ApplicationConfig()),
    settings,
    'https://www.wix.com',
  );

  it.each(['/welcome', 'https://app.test/welcome', 'https://front.test/x', 'https://manage.wix.com/dashboard'])(
    'allow %s to be redirected to',
    (target) => {
      expect(addresses.allowed(target)).toBe(new URL(target, GOOD.publicUrl).href);
    },
  );

  it.each([
    '//evil.test',
    '/\\evil.test',
    'https://evil.test',
    'https://app.test.evil.test',
    'http://app.test',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://app.test@evil.test',
    'https://[',
  ])('do not allow %s', (target) => {
    expect(addresses.allowed(target)).toBeUndefined();
  });
});
