import { All, Controller, Post, UseGuards, VERSION_NEUTRAL, VersioningType, type CanActivate } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer, RouterModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Module } from '@nestjs/common';

import { routesBehind, servedAs } from '../../../src/signed-requests/signed-routes.js';

class Gate implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Controller({ path: ['plugin', 'v1-plugin'], version: ['3', VERSION_NEUTRAL] })
class PluginController {
  @Post('rates/:kind')
  @UseGuards(Gate)
  rates(): string {
    return 'rates';
  }

  @Post('open')
  open(): string {
    return 'open';
  }
}

@Controller('digest')
@UseGuards(new Gate())
class DigestController {
  @All('*rest')
  all(): string {
    return 'all';
  }
}

@Module({ controllers: [PluginController, DigestController] })
class Feature {}

const uri = (config: ApplicationConfig) => config.enableVersioning({ type: VersioningType.URI, defaultVersion: '9' });

describe('signed routes', () => {
  const served = async (configure: (config: ApplicationConfig) => void = () => undefined) => {
    const imports = [Feature, RouterModule.register([{ path: 'admin', module: Feature }])];
    const module = await Test.createTestingModule({ imports }).compile();
    const config = new ApplicationConfig();
    configure(config);
    const routes = routesBehind([Gate], module.get(ModulesContainer)).map((route) => servedAs(route, config));
    return (path: string) => routes.filter((route) => route.path.test(path)).map(({ method }) => method ?? 'any');
  };

  it('are those behind the guards, with the path of their module', async () => {
    const methodsOf = await served();
    expect(methodsOf('/admin/plugin/rates/x')).toEqual(['POST']);
    expect(methodsOf('/ADMIN/v1-plugin/rates/x/')).toEqual(['POST']);
    expect(methodsOf('/admin/digest/a/b')).toEqual(['any']);
    expect(methodsOf('/admin/plugin/open')).toEqual([]);
    expect(methodsOf('/admin/plugin/rates/x/y')).toEqual([]);
    expect(methodsOf('/plugin/rates/x')).toEqual([]);
  });

  it('stand behind the global prefix, if they are not excluded from it', async () => {
    const methodsOf = await served((config) => config.setGlobalPrefix('/api'));
    expect(methodsOf('/api/admin/plugin/rates/x')).toEqual(['POST']);
    expect(methodsOf('/admin/plugin/rates/x')).toEqual([]);
  });

  it('have their versions in the path', async () => {
    const methodsOf = await served(uri);
    expect(methodsOf('/v3/admin/plugin/rates/x')).toEqual(['POST']);
    expect(methodsOf('/admin/plugin/rates/x')).toEqual(['POST']);
    expect(methodsOf('/v9/admin/plugin/rates/x')).toEqual([]);
    expect(methodsOf('/v9/admin/digest/x')).toEqual(['any']);
  });

  it('may have any version where the application chose it', () => {
    const config = new ApplicationConfig();
    uri(config);
    const { path } = servedAs({ method: 'POST', path: 'wix/webhooks', versions: undefined }, config);
    expect(['/wix/webhooks', '/v2/wix/webhooks', '/a/wix/webhooks'].map((url) => path.test(url))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
