import { Module } from '@nestjs/common';
import { MattersController } from './matters.controller.ts';

@Module({ controllers: [MattersController] })
export class MattersModule {}
