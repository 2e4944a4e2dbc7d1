import { ApplicationConfig, ModulesContainer } from '@nestjs/core';

import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import { WixScopeMissingError } from '../../../src/core/wix-auth.errors.js';
import { AppInstanceEndpoint } from '../../../src/grants/instances/app-instance.endpoint.js';
import { WixInstances } from '../../../src/grants/instances/wix-instances.js';
import { InstallAddresses } from '../../../src/install/flows/install-addresses.js';
import { installSettings } from '../../../src/install/install.options.js';
import { RouteAddresses } from '../../../src/nest/route-addresses.js';
import { WixInstallService } from '../../../src/install/wix-install.service.js';
import { TRUSTED_INSTANCE } from '../../support/app.js';
import { MintingWix, appQuestions } from '../../support/app-requests.js';
import { codeOf } from '../../support/code-of.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MapTokenStore } from '../../support/map-token-store.js';
import type { Script } from '../../support/scripted-wix.js';
import { sharingBy } from '../../support/sharing.js';

const BI_EVENT = '/apps/v1/bi-event';

describe('WixInstallService', () => {
  const clock = new FakeClock();
  const publicUrl = 'https://app.test/backend';
  const settings = { ...installSettings({ publicUrl, path: '/add/' }), publicUrl };
  const wix = new MintingWix(() => ({ body: {} }));
  const requests = appQuestions(wix, clock);
  const installs = new WixInstallService(
    new InstallAddresses(
      new RouteAddresses(new ModulesContainer(), new ApplicationConfig()),
      settings,
      'https://www.wix.com',
    ),
    new WixInstances(new AppInstanceEndpoint(requests), sharingBy(new MapTokenStore(), clock), clock, { ttlMs: 1_000 }),
    requests,
    new KnownInstances(clock),
  );

  const finish = (script: Script): Promise<void> => {
    wix.answers(script);
    return installs.finishConfiguration(TRUSTED_INSTANCE);
  };

  it('returns what to register at Wix', () => {
    expect(installs.addresses).toEqual({
      callbackUrl: 'https://app.test/backend/add/callback',
      appUrl: 'https://app.test/backend/add/app-url',
      redirectUrl: 'https://app.test/backend/add/redirect',
    });
  });

  it('links to the start of an installation, with its parameters', async () => {
    expect(installs.installUrl()).toBe('https://app.test/backend/add');
    expect(installs.installUrl({ returnTo: '/a?b=1', shareUrlId: 'c' })).toBe(
      'https://app.test/backend/add?returnTo=%2Fa%3Fb%3D1&shareUrlId=c',
    );
    expect(await codeOf(() => installs.installUrl({ returnTo: '//evil.test' }))).toBe('WIX_INSTALL_RETURN_TO_REFUSED');
  });

  it('tells Wix, as the app, that the site has set the app up', async () => {
    await finish(() => ({ body: {} }));
    expect(wix.to(BI_EVENT)).toMatchObject([
      { method: 'POST', authorization: 'token 1', body: { eventName: 'APP_FINISHED_CONFIGURATION' } },
    ]);
  });

  it.each([
    ['the app is not installed', 'WIX_INSTANCE_UNKNOWN', { status: 404, body: { message: 'not found' } }],
    ['a gateway knows no such page', 'WIX_UNAVAILABLE', { status: 404, body: '<html></html>' }],
    ['the site did not grant it', 'WIX_SCOPE_MISSING', { status: 403, body: { message: 'no' } }],
    ['Wix does not understand', 'WIX_UNAVAILABLE', { status: 400, body: { message: 'what?' } }],
    ['Wix is down', 'WIX_UNAVAILABLE', { status: 503, body: {} }],
    ['Wix cannot be reached', 'WIX_UNAVAILABLE', 'ECONNRESET'],
  ] as const)('does not claim success when %s', async (_why, code, answer) => {
    expect(await codeOf(() => finish(() => answer))).toBe(code);
  });

  it('names the scope that the report needs', async () => {
    const refused = await finish(() => ({ status: 403, body: { message: 'no' } })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(WixScopeMissingError);
    expect(refused).toMatchObject({ missingScopes: ['WIX_DEVELOPERS.SEND_BI_EVENTS'], lackedBy: ['app'] });
  });
});
