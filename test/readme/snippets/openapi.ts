import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeWixAuth } from 'nestjs-wix-auth/openapi';

export function serveDocument(app: INestApplication): void {
  const builder = new DocumentBuilder().setOpenAPIVersion('3.1.0');
  const document = SwaggerModule.createDocument(app, builder.build());
  SwaggerModule.setup('docs', app, describeWixAuth(document, app));
}
