import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { describeWixAuth } from 'nestjs-wix-auth/openapi';

/** What the app serves, with who may call each operation as its route declares it. */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle('Flower Desk').setVersion('1.0');
  return describeWixAuth(SwaggerModule.createDocument(app, builder.build()), app);
}
