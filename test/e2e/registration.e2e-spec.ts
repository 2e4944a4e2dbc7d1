import { Inject, Injectable, Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  trustedInstanceId,
  WixAuthModule,
  WixTokenService,
  type WixAuthExtras,
  type WixAuthOptions,
  type WixAuthOptionsFactory,
} from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { errorOf } from '../support/code-of.js';

const TARGET = Symbol('where Wix is');

@Injectable()
class OptionsFromElsewhere implements WixAuthOptionsFactory {
  constructor(@Inject(TARGET) private readonly target: { wix: WixEmulator; app: EmulatedApp }) {}

  createWixAuthOptions(): WixAuthOptions {
    return emulatedOptions(this.target.wix, this.target.app);
  }
}

@Module({})
class TargetModule {}

@Module({})
class FeatureModule {}

@Module({})
class OuterModule {}

describe('Registering WixAuthModule', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let instanceId: string;

  beforeEach(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    ({ instanceId } = wix.install(app, wix.addSite()));
  });

  afterEach(() => wix.stop());

  const targetModule = () => ({
    module: TargetModule,
    providers: [{ provide: TARGET, useValue: { wix, app } }, OptionsFromElsewhere],
    exports: [TARGET, OptionsFromElsewhere],
  });

  const mintWith = async (registration: Parameters<typeof Test.createTestingModule>[0]['imports']) => {
    const module = await Test.createTestingModule({ imports: registration ?? [] }).compile();
    await module.init();
    const token = await module.get(WixTokenService, { strict: false }).accessTokenFor(trustedInstanceId(instanceId));
    await module.close();
    return token;
  };

  it('works with static options', async () => {
    await mintWith([WixAuthModule.forRoot(emulatedOptions(wix, app))]);
    expect(wix.count('/oauth2/token')).toBe(1);
  });

  it('works with options from a factory and its injected providers', async () => {
    await mintWith([
      WixAuthModule.forRootAsync({
        imports: [targetModule()],
        inject: [TARGET],
        useFactory: (target: { wix: WixEmulator; app: EmulatedApp }) => emulatedOptions(target.wix, target.app),
      }),
    ]);
    expect(wix.count('/oauth2/token')).toBe(1);
  });

  it('works with a class that makes the options', async () => {
    await mintWith([WixAuthModule.forRootAsync({ imports: [targetModule()], useClass: OptionsFromElsewhere })]);
    expect(wix.count('/oauth2/token')).toBe(1);
  });

  it('works with a provider that makes the options', async () => {
    await mintWith([WixAuthModule.forRootAsync({ imports: [targetModule()], useExisting: OptionsFromElsewhere })]);
    expect(wix.count('/oauth2/token')).toBe(1);
  });

  it('names every wrong option at start-up, and no secret', async () => {
    const wrong = { appId: 'my-app', appSecret: 'IST.canary', apiUrl: 'http://example.com', requestTimeoutMs: -1 };
    const start = Test.createTestingModule({ imports: [WixAuthModule.forRoot(wrong)] }).compile();
    const error: unknown = await start.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
    for (const name of Object.keys(wrong)) expect(String(error)).toContain(name);
    expect(String(error)).not.toContain('canary');
  });

  const refusalOf = async (register: () => DynamicModule): Promise<string> => {
    // Registered first: nothing is thrown where a module is only being defined.
    const registration = register();
    const error = await errorOf(() => mintWith([registration]));
    expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
    return String(error);
  };

  it('names invalid options of all parts in one message', async () => {
    const message = await refusalOf(() =>
      WixAuthModule.forRoot({
        ...{ appId: 'my-app', appSecret: 'secret', cache: { stores: ['redis://canary'] } as never },
        webhooks: { path: 'a/:b' },
        install: { publicUrl: () => 'http://example.com' },
      }),
    );
    for (const name of ['appId', 'cache.stores', 'webhooks.path', 'install.publicUrl', 'publicKey']) {
      expect(message).toContain(`- ${name} `);
    }
    expect(message).not.toContain('canary');
  });

  it('says where to put options that a factory returned too late, or that are in the wrong place', async () => {
    const late = { webhooks: {}, globalGuard: true };
    const early = { cache: {} };
    const message = await refusalOf(() =>
      WixAuthModule.forRootAsync({ useFactory: () => ({ ...emulatedOptions(wix, app), ...late }), ...early }),
    );
    expect(message).toContain('- webhooks must stand beside useFactory');
    expect(message).toContain('- globalGuard must stand beside useFactory');
    expect(message).toContain('- cache must be in the options that useFactory');
  });

  it('refuses two global registrations in one application', async () => {
    const start = mintWith([
      WixAuthModule.forRoot(emulatedOptions(wix, app)),
      WixAuthModule.forRoot(emulatedOptions(wix, wix.addApp())),
    ]);
    await expect(start).rejects.toMatchObject({ code: 'WIX_MISCONFIGURED' });
  });

  describe('is refused', () => {
    const registered = (extras: Partial<WixAuthExtras> = {}) =>
      WixAuthModule.forRoot({ ...emulatedOptions(wix, wix.addApp()), isGlobal: false, ...extras });
    const refusal = (text: RegExp) => ({ code: 'WIX_MISCONFIGURED', message: expect.stringMatching(text) as string });
    const refusalOf = (imports: NonNullable<ModuleMetadata['imports']>) => errorOf(() => mintWith(imports));
    const feature = (imported: DynamicModule): DynamicModule => ({ module: FeatureModule, imports: [imported] });

    it.each([
      [false, false],
      [true, false],
      [false, true],
    ])('where two set globalGuard, whatever their isGlobal (%s, %s)', async (first, second) => {
      const imports = [true, true].map((globalGuard, index) =>
        feature(registered({ globalGuard, isGlobal: index === 0 ? first : second })),
      );
      expect(await refusalOf(imports)).toMatchObject(refusal(/globalGuard/));
    });

    it('where one module imports two', async () => {
      expect(await refusalOf([registered(), registered()])).toMatchObject(refusal(/RootTestModule/));
      expect(await refusalOf([registered({ isGlobal: true }), registered()])).toMatchObject(refusal(/RootTestModule/));
    });

    it('where one module imports two through other modules', async () => {
      const exporting = () => ({ ...feature(registered()), exports: [WixAuthModule] });
      const through = [{ module: OuterModule, imports: [exporting()], exports: [FeatureModule] }, exporting()];
      expect(await refusalOf(through)).toMatchObject(refusal(/RootTestModule/));
    });

    it('without options', async () => {
      expect(await refusalOf([WixAuthModule])).toMatchObject(refusal(/forRoot\(\)/));
    });

    it('never for one globalGuard, one registration per module, or a global one beside one of a module', async () => {
      const imports = [
        feature(registered({ globalGuard: true })),
        { ...feature(registered()), exports: [] },
        WixAuthModule.forRoot(emulatedOptions(wix, app)),
      ];
      expect(await refusalOf(imports)).toBeUndefined();
    });
  });

  it('accepts the same registration imported twice', async () => {
    const registration = WixAuthModule.forRoot(emulatedOptions(wix, app));
    await mintWith([registration, { module: FeatureModule, imports: [registration] }]);
    expect(wix.count('/oauth2/token')).toBe(1);
  });

  it('keeps two apps in one process apart', async () => {
    const other = wix.addApp();
    const otherInstall = wix.install(other, wix.addSite());
    const feature = (name: string, of: EmulatedApp) => ({
      module: FeatureModule,
      imports: [WixAuthModule.forRoot({ ...emulatedOptions(wix, of), isGlobal: false })],
      providers: [{ provide: name, useExisting: WixTokenService }],
    });
    const imports = [feature('first', app), feature('second', other)];
    const module = await Test.createTestingModule({ imports }).compile();
    const first = module.get<WixTokenService>('first', { strict: false });
    const second = module.get<WixTokenService>('second', { strict: false });

    await first.accessTokenFor(trustedInstanceId(instanceId));
    await second.accessTokenFor(trustedInstanceId(otherInstall.instanceId));
    await expect(second.accessTokenFor(trustedInstanceId(instanceId))).rejects.toMatchObject({
      code: 'WIX_INSTANCE_UNKNOWN',
    });
    await module.close();
  });

  it("uses the application's own ports instead of the defaults", async () => {
    const cached = new Map<string, string>();
    const { TokenStore } = await import('nestjs-wix-auth');
    const store = {
      get: async (key: string) => Promise.resolve(cached.get(key)),
      set: async (key: string, value: string) => Promise.resolve(void cached.set(key, value)),
      delete: async (key: string) => Promise.resolve(void cached.delete(key)),
    };
    const providers = [{ provide: TokenStore, useValue: store }];
    const token = await mintWith([WixAuthModule.forRoot({ ...emulatedOptions(wix, app), providers })]);
    expect(cached.size).toBe(1);
    expect(JSON.stringify([...cached])).not.toContain(token.value);
  });
});
