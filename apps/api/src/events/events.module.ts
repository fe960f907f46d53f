import { Module } from '@nestjs/common';
import { LiveCallers } from '../http/live-callers.ts';
import { FeedController } from './feed.controller.ts';
import { HistoryController } from './history.controller.ts';
import { LogReader } from './log-reader.ts';

@Module({ controllers: [HistoryController, FeedController], providers: [LogReader, LiveCallers] })
export class EventsModule {}
