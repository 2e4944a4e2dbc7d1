import { All, Controller, Get, Module, Post, RequestMethod, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer, RouterModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { pathToRegexp } from 'path-to-regexp';

import { RouteAddresses } from '../../../src/nest/route-addresses.js';

@Controller({ path: ['plugin', 'v1-plugin'], version: ['3', VERSION_NEUTRAL] })
class PluginController {
  @Post('rates/:kind')
  rates(): string {
    return 'rates';
  }
}

@Controller('reports')
class ReportsController {
  @Get()
  index(): string {
    return 'index';
  }

  @All(['*rest', '{/:language}/summary'])
  all(): string {
    return 'all';
  }

  helper(): string {
    return 'not a route';
  }
}

@Module({ controllers: [PluginController, ReportsController] })
class Feature {}

describe('RouteAddresses', () => {
  const served = async (configure: (config: ApplicationConfig) => void = () => undefined): Promise<string[]> => {
    const imports = [Feature, RouterModule.register([{ path: 'admin', module: Feature }])];
    const module = await Test.createTestingModule({ imports }).compile();
    const config = new ApplicationConfig();
    configure(config);
    const addresses = new RouteAddresses(module.get(ModulesContainer), config);
    return addresses.all().map(({ method, path }) => `${method} ${path}`);
  };

  it('puts the path of the module first, and does not change parameters and optional parts', async () => {
    expect(await served()).toEqual([
      'POST /admin/plugin/rates/:kind',
      'POST /admin/v1-plugin/rates/:kind',
      'GET /admin/reports',
      'ALL /admin/reports/*rest',
      'ALL /admin/reports{/:language}/summary',
    ]);
  });

  it('puts versions between the global prefix and the path', async () => {
    const routes = await served((config) => {
      config.setGlobalPrefix('/api/');
      config.enableVersioning({ type: VersioningType.URI, defaultVersion: '9', prefix: false });
    });
    expect(routes).toEqual([
      'POST /api/3/admin/plugin/rates/:kind',
      'POST /api/admin/plugin/rates/:kind',
      'POST /api/3/admin/v1-plugin/rates/:kind',
      'POST /api/admin/v1-plugin/rates/:kind',
      'GET /api/9/admin/reports',
      'ALL /api/9/admin/reports/*rest',
      'ALL /api/9/admin/reports{/:language}/summary',
    ]);
  });

  it('omits versions that are not in the path', async () => {
    const routes = await served((config) =>
      config.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
    );
    expect(routes).toContain('POST /admin/plugin/rates/:kind');
  });

  it('omits the global prefix where it is excluded, with the last slash of a root route as in Nest', async () => {
    const routes = await served((config) => {
      const path = '/admin/reports/{*path}';
      config.setGlobalPrefix('api');
      config.setGlobalPrefixOptions({
        exclude: [{ path, requestMethod: RequestMethod.GET, pathRegex: pathToRegexp(path).regexp }],
      });
    });
    expect(routes).toContain('GET /admin/reports');
    expect(routes).toContain('ALL /api/admin/reports/*rest');
    expect(routes).toContain('POST /api/admin/plugin/rates/:kind');
  });

  it.each([
    [RequestMethod.GET, '/admin/install'],
    [RequestMethod.POST, '/api/admin/install'],
  ])('finds whether a GET route beside a provider is excluded (%i)', async (requestMethod, address) => {
    const provided = {};
    @Module({ providers: [{ provide: 'provided', useValue: provided }] })
    class Own {}
    const imports = [Own, RouterModule.register([{ path: 'admin', module: Own }])];
    const module = await Test.createTestingModule({ imports }).compile();
    const config = new ApplicationConfig();
    config.setGlobalPrefix('api');
    const path = '/admin/install';
    config.setGlobalPrefixOptions({ exclude: [{ path, requestMethod, pathRegex: pathToRegexp(path).regexp }] });
    const addresses = new RouteAddresses(module.get(ModulesContainer), config);

    expect(addresses.mountedBeside(provided, 'install')).toBe(address);
  });
});
