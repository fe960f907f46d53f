import { Module } from '@nestjs/common';
import { LiveCallers } from '../http/live-callers.ts';
import { AlertStream } from './alert-stream.ts';
import { AlertsController } from './alerts.controller.ts';
import { DeliveriesController } from './deliveries.controller.ts';
import { OwnWatches } from './own-watches.ts';
import { UnsubscribeController } from './unsubscribe.controller.ts';
import { WatchesController } from './watches.controller.ts';

@Module({
  controllers: [WatchesController, DeliveriesController, AlertsController, UnsubscribeController],
  providers: [OwnWatches, AlertStream, LiveCallers],
})
export class WatchesModule {}
