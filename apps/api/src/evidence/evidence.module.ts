import { Module } from '@nestjs/common';
import { CheckpointsController } from './checkpoints.controller.ts';
import { ErasuresController } from './erasures.controller.ts';
import { ProofsController } from './proofs.controller.ts';
import { TilesController } from './tiles.controller.ts';

@Module({ controllers: [CheckpointsController, ErasuresController, ProofsController, TilesController] })
export class EvidenceModule {}
