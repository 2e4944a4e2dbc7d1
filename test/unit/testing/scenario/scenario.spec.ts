import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ScenarioError, WixEmulator, type WixEmulatorScenario } from 'nestjs-wix-auth/testing';

import { defaultScenario } from '../../../../src/testing/emulator/scenario/default-scenario.js';
import { savedScenario } from '../../../../src/testing/emulator/scenario/saved-scenario.js';
import { assembleEmulator } from '../../../../src/testing/emulator/emulator-parts.js';
import { buildScenario } from '../../../../src/testing/emulator/scenario/build-scenario.js';
import { checkedScenario } from '../../../../src/testing/emulator/scenario/scenario-mistakes.js';
import { NewIds } from '../../../../src/testing/emulator/scenario/scenario-ids.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenario-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = (content: unknown): string => {
  const file = join(folder, 'wix-emulator.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

const mistakesOf = async (config: string): Promise<readonly string[]> => {
  const error = await WixEmulator.start({ config }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ScenarioError)) throw new Error(`No ScenarioError, but ${String(error)}`);
  expect(error.message).toContain(config);
  return error.mistakes;
};

describe('WixEmulator.start({ config })', () => {
  it('creates the apps, sites, people and installations of the file', async () => {
    const config = written({
      apps: [
        { key: 'desk', appId: '11111111-1111-4111-8111-111111111111', scopes: ['SCOPE.A'], websiteUrl: '/install' },
      ],
      sites: [
        { key: 'flowers', users: [{ key: 'agent', permissions: ['SCOPE.A'] }], products: [{ name: 'Roses' }] },
        { key: 'bulbs', visitors: [{ key: 'guest' }] },
      ],
      installs: [
        { app: 'desk', site: 'flowers' },
        { app: 'desk', site: 'bulbs', grants: [], installed: false },
      ],
      variants: { unknownInstance: 401 },
    });
    await using wix = await WixEmulator.start({ config });
    const { scenario } = wix;

    expect(scenario.app().appId).toBe('11111111-1111-4111-8111-111111111111');
    expect(scenario.app('desk').websiteUrl).toBe('http://localhost:3000/install');
    expect(scenario.install().grants).toEqual(['SCOPE.A']);
    expect(scenario.install({ site: 'bulbs' }).isInstalled).toBe(false);
    expect(scenario.site('flowers').products.map(({ name }) => name)).toEqual(['Roses']);
    expect(scenario.person('agent')).toMatchObject({ kind: 'user', user: { permissions: ['SCOPE.A'] } });
    expect(scenario.person('owner')).toMatchObject({ kind: 'user', user: { isOwner: true } });
    expect(() => scenario.person('guest')).toThrow('There are: owner, agent.');
    expect(wix.variants.unknownInstance).toBe(401);
  });

  it('lists every mistake of the file at once', async () => {
    const config = written({
      apps: [{ key: 'desk', appId: 'no-guid', appSecret: 'hush', url: 'localhost' }, { key: 'desk' }],
      sites: [{ key: 'Flowers', owner: { name: 'Ada' }, users: [{ key: 'owner' }] }],
      installs: [{ app: 'other', site: 'flowers' }],
      variants: { tokenInfo: 'xml', requestsPerMinute: -1 },
      sections: [],
    });
    const mistakes = await mistakesOf(config);
    expect(mistakes).toHaveLength(12);
    expect(mistakes.join('\n')).not.toContain('hush');
    for (const place of [
      'apps[0].appId',
      'apps[0].appSecret',
      'apps[0].url',
      'sites[0].key',
      'sites[0].owner.name',
      'installs[0].app',
      'installs[0].site',
      'variants.tokenInfo',
      'variants.requestsPerMinute',
      'sections',
      'apps: "desk"',
      'The people of sites[0]: "owner"',
    ]) {
      expect(mistakes.filter((mistake) => mistake.startsWith(place))).toHaveLength(1);
    }
  });

  it.each([
    ['no file', () => join(folder, 'absent.json'), 'ENOENT'],
    ['not JSON', () => written('{ apps'), 'not JSON'],
    ['a list', () => written([]), 'It must be an object'],
  ])('refuses %s', async (_what, config, text) => {
    expect((await mistakesOf(config())).join()).toContain(text);
  });

  it('has no scenario without one', async () => {
    await using wix = await WixEmulator.start();
    expect(() => wix.scenario).toThrow('WixEmulator.start({ config })');
  });
});

describe('a saved scenario', () => {
  const start = (file: WixEmulatorScenario) => {
    const { platform } = assembleEmulator({ variants: file.variants });
    const scenario = buildScenario(platform.world, file, new NewIds());
    return { scenario, save: () => savedScenario(platform.world, scenario, platform.variants), platform };
  };

  it('is the same after it was loaded', () => {
    const { save, scenario, platform } = start(defaultScenario);
    scenario.install().revoke('SCOPE.DC-STORES.MANAGE-PRODUCTS');
    platform.variants.unknownToken = 401;
    const saved = JSON.stringify(save());
    const loaded = start(checkedScenario(JSON.parse(saved), 'The saved one'));
    expect(JSON.stringify(loaded.save())).toBe(saved);
    expect(loaded.scenario.install().grants).not.toContain('SCOPE.DC-STORES.MANAGE-PRODUCTS');
  });

  it('contains no secret and no key', () => {
    const { save, scenario } = start(defaultScenario);
    const saved = JSON.stringify(save());
    expect(saved).toContain(scenario.app().appId);
    expect(saved).not.toContain(scenario.app().appSecret);
    expect(saved).not.toMatch(/BEGIN|secret/i);
  });
});
