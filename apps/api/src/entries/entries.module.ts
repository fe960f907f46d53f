import { Module } from '@nestjs/common';
import { EntriesController } from './entries.controller.ts';

@Module({ controllers: [EntriesController] })
export class EntriesModule {}
