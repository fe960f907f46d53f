import { Module } from '@nestjs/common';
import { CalendarController } from './calendar.controller.ts';
import { FeedTokensController } from './feed-tokens.controller.ts';
import { RecordFeedController } from './record-feed.controller.ts';

@Module({ controllers: [CalendarController, RecordFeedController, FeedTokensController] })
export class FeedsModule {}
