import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { KeyStore } from '#libs/access';
import { Alerting, Deliveries, WatchDesk } from '#libs/alerts';
import { EventLog } from '#libs/event-log';
import { Register } from '#libs/register';
import { Views } from '#libs/views';
import { AnswersLog } from './answers/answers-log.ts';
import { AnswersModule } from './answers/answers.module.ts';
import { BundleModule } from './bundle/bundle.module.ts';
import { Clock } from './composition/clock.ts';
import { Lifetime } from './composition/lifetime.ts';
import type { Parts } from './composition/parts.ts';
import { PublicUrl } from './composition/public-url.ts';
import { Settings } from './composition/settings.ts';
import { Unsubscribe } from './composition/unsubscribe.ts';
import { DeadlinesModule } from './deadlines/deadlines.module.ts';
import { DocumentModule } from './document/document.module.ts';
import { EntriesModule } from './entries/entries.module.ts';
import { EvidenceModule } from './evidence/evidence.module.ts';
import { Sealing } from './evidence/sealing.ts';
import { EventFeed } from './events/event-feed.ts';
import { EventsModule } from './events/events.module.ts';
import { LogEnd } from './events/log-end.ts';
import { FeedsModule } from './feeds/feeds.module.ts';
import { HealthModule } from './health/health.module.ts';
import { Readiness } from './health/readiness.ts';
import { HotAnswers } from './http/hot-answers.ts';
import { Metrics } from './http/metrics.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { Reading } from './http/reading.ts';
import { Routes } from './http/routes.ts';
import { SendAnswer } from './http/send-answer.interceptor.ts';
import { MattersModule } from './matters/matters.module.ts';
import { ReplayModule } from './replay/replay.module.ts';
import { SearchModule } from './search/search.module.ts';
import { StatusModule } from './status/status.module.ts';
import { ViewLists } from './views/view-lists.ts';
import { WatchesModule } from './watches/watches.module.ts';

/** The parts that were opened, as every module may ask for them. */
@Global()
@Module({})
class PartsModule {
  static of(parts: Parts): DynamicModule {
    const opened = [
      { provide: EventLog, useValue: parts.log },
      { provide: Register, useValue: parts.register },
      { provide: Views, useValue: parts.views },
      { provide: KeyStore, useValue: parts.keys },
      { provide: PublicUrl, useValue: parts.publicUrl },
      { provide: Sealing, useValue: parts.sealing },
      { provide: Settings, useValue: parts.settings },
      { provide: WatchDesk, useValue: parts.alerts.desk },
      { provide: Alerting, useValue: parts.alerts.alerting },
      { provide: Deliveries, useValue: parts.alerts.deliveries },
      { provide: Unsubscribe, useValue: new Unsubscribe(parts.alerts.unsubscribing) },
      { provide: Clock, useValue: parts.clock },
      { provide: Lifetime, useValue: parts.lifetime },
      { provide: HotAnswers, useValue: parts.hot },
      { provide: AnswersLog, useValue: parts.answersLog },
      { provide: Metrics, useValue: parts.metrics },
      { provide: EventFeed, useValue: parts.feed },
      { provide: Readiness, useValue: parts.readiness },
      { provide: Routes, useValue: parts.http.routes },
    ];
    const providers = [...opened, LogEnd, Reading, ViewLists];
    return { module: PartsModule, providers, exports: providers };
  }
}

@Module({})
export class ApiModule {
  static of(parts: Parts): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PartsModule.of(parts),
        MattersModule,
        EntriesModule,
        StatusModule,
        ReplayModule,
        DeadlinesModule,
        EventsModule,
        FeedsModule,
        WatchesModule,
        SearchModule,
        EvidenceModule,
        BundleModule,
        AnswersModule,
        HealthModule,
        DocumentModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: SendAnswer },
      ],
    };
  }
}
