import { Module } from '@nestjs/common';
import { DocumentController } from './document.controller.ts';

@Module({ controllers: [DocumentController] })
export class DocumentModule {}
