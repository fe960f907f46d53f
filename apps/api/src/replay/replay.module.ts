import { Module } from '@nestjs/common';
import { ReplayController } from './replay.controller.ts';
import { OwnWatches } from '../watches/own-watches.ts';
import { AlertsTold } from './alerts-told.ts';
import { ReplayFeed } from './replay-feed.ts';

@Module({ controllers: [ReplayController], providers: [ReplayFeed, AlertsTold, OwnWatches] })
export class ReplayModule {}
