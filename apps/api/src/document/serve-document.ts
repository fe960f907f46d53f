import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Routes } from '../http/routes.ts';
import { openApiDocument } from './open-api.ts';

/** The human page: Swagger UI from this machine's own files. */
export function serveDocument(app: NestFastifyApplication, routes: Routes): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(routes.calls), {
    raw: false,
    customSiteTitle: 'Inforce API',
    swaggerOptions: { validatorUrl: null, docExpansion: 'list', tryItOutEnabled: true },
  });
}
