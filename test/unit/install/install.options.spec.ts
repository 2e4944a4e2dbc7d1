import { ApplicationConfig, ModulesContainer } from '@nestjs/core';

import { InstallAddresses } from '../../../src/install/flows/install-addresses.js';
import { installSettings, type WixInstallOptions } from '../../../src/install/install.options.js';
import { RouteAddresses } from '../../../src/nest/route-addresses.js';
import { codeOf } from '../../support/code-of.js';

const GOOD = { publicUrl: 'https://app.test' };

describe('The options of installations', () => {
  it('have defaults, all of them strict', () => {
    const { publicUrl, ...others } = installSettings(GOOD);
    expect(publicUrl()).toBe('https://app.test');
    expect(others).toEqual({
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
    ['an origin with a path', { redirectOrigins: ['https://app.test/welcome'] }],
    ['an origin without TLS', { redirectOrigins: ['http://app.test'] }],
    ['a Wix without TLS', { wixUrl: 'http://wix.test' }],
  ])('refuse %s', async (_what, options) => {
    expect(await codeOf(() => installSettings({ ...GOOD, ...options } as WixInstallOptions))).toBe('WIX_MISCONFIGURED');
  });

  it.each(['http://app.test', 'app.test', 'https://user:secret@app.test', 'https://app.test/?a', 'ftp://app.test', ''])(
    'refuse %j as the public URL when the application starts',
    async (publicUrl) => {
      expect(await codeOf(() => installSettings({ publicUrl }).publicUrl())).toBe('WIX_MISCONFIGURED');
      expect(await codeOf(() => installSettings({ publicUrl: () => publicUrl }).publicUrl())).toBe('WIX_MISCONFIGURED');
    },
  );

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])('take %s for tests', (publicUrl) => {
    expect(installSettings({ publicUrl }).publicUrl()).toBe(publicUrl);
  });
});

describe('InstallAddresses', () => {
  const settings = installSettings({ ...GOOD, redirectOrigins: ['https://front.test'] });
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
