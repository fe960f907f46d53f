import type { FastifyBaseLogger } from 'fastify';
import { KeyStore } from '#libs/access';
import type { Config } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import { Register } from '#libs/register';
import { Views } from '#libs/views';
import { AnswersLog } from '../answers/answers-log.ts';
import { EventFeed } from '../events/event-feed.ts';
import { Sealing } from '../evidence/sealing.ts';
import { Readiness } from '../health/readiness.ts';
import { Gatekeeper } from '../http/caller.ts';
import { HotAnswers } from '../http/hot-answers.ts';
import { createHttp, type Http } from '../http/http.ts';
import { type Rates, standardRates } from '../http/limits.ts';
import { Metrics } from '../http/metrics.ts';
import { Clock } from './clock.ts';
import { loadDatasets } from './datasets.ts';
import { Lifetime } from './lifetime.ts';
import { openLog } from './open-log.ts';

export interface PartsOptions {
  readonly logger: FastifyBaseLogger;
  /** Lines for whoever starts the service. */
  readonly say: (line: string) => void;
  readonly now?: () => number;
  readonly rates?: Rates;
}

/** Everything the service consists of, running; `close` ends it in the opposite order. */
export interface Parts {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly register: Register;
  readonly views: Views;
  readonly sealing: Sealing;
  readonly keys: KeyStore;
  readonly hot: HotAnswers;
  readonly answersLog: AnswersLog;
  readonly metrics: Metrics;
  readonly feed: EventFeed;
  readonly readiness: Readiness;
  readonly lifetime: Lifetime;
  readonly http: Http;
  readonly close: () => Promise<void>;
}

/** @throws EventLogError, KeyStoreFailure, StartFailure */
export async function openParts(config: Config, options: PartsOptions): Promise<Parts> {
  const { logger, say, now = Date.now, rates = standardRates } = options;
  await using opened = new AsyncDisposableStack();
  const { log, storable } = await openLog(config.log, now);
  opened.defer(() => log.close());
  const keys = opened.adopt(KeyStore.open(config.keysFile, { now }), (store) => store.close());
  makeFirstKey(keys, say);
  const register = new Register({ log, now });
  await loadDatasets({ config, log, register, say });
  const views = opened.adopt(openViews({ config, log, register, logger, now }), (each) => each.stop());
  const sealing = opened.adopt(new Sealing({ config, log, logger, now }), (each) => each.stop());
  sealing.start();
  const hot = new HotAnswers({ now });
  register.onChange((matter) => hot.changed(matter));
  const answersLog = new AnswersLog({ log, now, on: config.recordAnswers });
  const lifetime = new Lifetime();
  const feed = new EventFeed(log, lifetime);
  const metrics = new Metrics({
    hot,
    answers: () => answersLog.recorded,
    streams: () => feed.open,
    head: () => log.head(),
    views: () => views.state,
    sealing,
  });
  const readiness = new Readiness({ log, views, sealing, storable, lifetime }, now);
  const gatekeeper = new Gatekeeper(config, keys);
  const http = await createHttp({ gatekeeper, hot, answersLog, metrics, register, logger, rates, lifetime });
  const all = opened.move();
  const close = (): Promise<void> => all.disposeAsync();
  return {
    clock: new Clock(now),
    log,
    register,
    views,
    sealing,
    keys,
    hot,
    answersLog,
    metrics,
    feed,
    readiness,
    lifetime,
    http,
    close,
  };
}

/** A fresh start would otherwise have nobody who may write. */
function makeFirstKey(keys: KeyStore, say: (line: string) => void): void {
  if (keys.list().length > 0) return;
  const { key } = keys.create({ name: 'first start', roles: ['recorder'] });
  say(`Recorder key, shown only this once: ${key}`);
}

interface ViewParts {
  readonly config: Config;
  readonly log: EventLog;
  readonly register: Register;
  readonly logger: FastifyBaseLogger;
  readonly now: () => number;
}

function openViews({ config, log, register, logger, now }: ViewParts): Views {
  const report = ({ level, message, ...fields }: { level: 'info' | 'warn' | 'error'; message: string }): void =>
    logger[level](fields, message);
  const views = Views.open({ file: config.viewsFile, log, now, report });
  views.onApplied((events) => {
    for (const event of events) register.notice(event);
  });
  // This process alone writes to the embedded log, and every write goes through the register.
  register.live(true);
  views.start();
  return views;
}
