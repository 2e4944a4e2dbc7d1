import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { RequirePlan, WixAuthModule, WixInstanceAuth, WixPublic } from 'nestjs-wix-auth';
import { describeWixAuth } from 'nestjs-wix-auth/openapi';
import { accessMatrix, emulatedOptions, leastPrivilege, WixEmulator } from 'nestjs-wix-auth/testing';

const READ = 'SCOPE.DC-STORES.READ-PRODUCTS';

@Controller('products')
class ProductsController {
  @Get(':id')
  @WixInstanceAuth({ allow: ['user', 'visitor'], scopes: [READ] })
  @RequirePlan('pro')
  one(): object {
    return {};
  }

  @Get()
  @WixPublic()
  list(): object {
    return {};
  }
}

describe('declarations of an app on NestJS 11, in CommonJS, under Jest', () => {
  it('are enforced, and appear in a document of @nestjs/swagger 11', async () => {
    const wix = await WixEmulator.start();
    const wixApp = wix.addApp();
    @Module({ imports: [WixAuthModule.forRoot(emulatedOptions(wix, wixApp))], controllers: [ProductsController] })
    class AppModule {}
    const app = await NestFactory.create(AppModule, { logger: false });
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    const privilege = leastPrivilege(wix);
    try {
      const { cases, table } = accessMatrix(app, { wix, install: wix.install(wixApp, wix.addSite()) });
      for (const { run } of cases) await run();
      expect(table).toContain('user without role');

      const written = SwaggerModule.createDocument(app, new DocumentBuilder().setOpenAPIVersion('3.1.0').build());
      const document = describeWixAuth(written, app);
      expect(describeWixAuth(document, app)).toEqual(document);
      expect(document.paths['/api/products/{id}']?.get).toMatchObject({
        security: [{ wixAccessToken: [READ] }],
        'x-wix-identities': ['user', 'visitor'],
        'x-wix-plans': ['pro'],
        responses: {
          401: {},
          403: { content: { 'application/json': { examples: { WIX_PLAN_REQUIRED: {} } } } },
          503: {},
        },
      });

      const report = await privilege.report(app);
      expect(report.findings.map(({ message }) => message)).toEqual([
        `GET /api/products/:id declares ${READ}, never needed in 3 calls.`,
      ]);
    } finally {
      privilege.stop();
      await app.close();
      await wix.stop();
    }
  });
});
