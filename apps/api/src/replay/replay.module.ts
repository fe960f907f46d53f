import { Module } from '@nestjs/common';
import { ReplayController } from './replay.controller.ts';
import { ReplayFeed } from './replay-feed.ts';

@Module({ controllers: [ReplayController], providers: [ReplayFeed] })
export class ReplayModule {}
