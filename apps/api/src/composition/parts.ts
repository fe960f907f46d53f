import { mkdir } from 'node:fs/promises';
import type { FastifyBaseLogger } from 'fastify';
import { KeyStore } from '#libs/access';
import type { Config } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import { Register } from '#libs/register';
import { installationSecret } from '#libs/vault';
import { Views } from '#libs/views';
import { AnswersLog } from '../answers/answers-log.ts';
import { EventFeed } from '../events/event-feed.ts';
import { Sealing } from '../evidence/sealing.ts';
import { Integrity } from '../health/integrity.ts';
import { Readiness } from '../health/readiness.ts';
import { Gatekeeper } from '../http/caller.ts';
import { HotAnswers } from '../http/hot-answers.ts';
import { createHttp, type Http } from '../http/http.ts';
import { type Rates, standardRates } from '../http/limits.ts';
import { Metrics } from '../http/metrics.ts';
import { alertMeasures } from './alert-measures.ts';
import { type AlertParts, openAlerts } from './alerts.ts';
import { Clock } from './clock.ts';
import { loadDatasets } from './datasets.ts';
import { Lifetime } from './lifetime.ts';
import { lookups } from './lookups.ts';
import { openLog } from './open-log.ts';
import { PublicUrl } from './public-url.ts';
import { Settings } from './settings.ts';

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
  /** To be asked before anything leaves the house. */
  readonly integrity: Integrity;
  readonly lifetime: Lifetime;
  readonly publicUrl: PublicUrl;
  readonly settings: Settings;
  readonly alerts: AlertParts;
  readonly http: Http;
  /** Meanwhile requests in flight may finish. */
  readonly close: (requests?: () => Promise<void>) => Promise<void>;
}

/** How long requests and parts may take to finish what they have in flight on a shared log. */
const STOP_MS = 2500;

/** @throws EventLogError, KeyStoreFailure, StartFailure */
export async function openParts(config: Config, options: PartsOptions): Promise<Parts> {
  const { logger, say, now = Date.now, rates = standardRates } = options;
  await using opened = new AsyncDisposableStack();
  // Views and keys are this replica's own, wherever the log is.
  await mkdir(config.data, { recursive: true });
  const { log, writable, shared } = await openLog(config.log, { now, say, warn: (line) => logger.warn(line) });
  opened.defer(() => log.close());
  const keys = opened.adopt(KeyStore.open(config.keysFile, { now }), (store) => store.close());
  makeFirstKey(keys, say);
  const register = new Register({ log, now });
  await loadDatasets({ config, log, register, say });
  const integrity = new Integrity();
  const viewParts = { config, log, shared, register, integrity, logger, now };
  const views = opened.adopt(openViews(viewParts), (each) => each.stop());
  const secret = await installationSecret({ given: config.secret?.reveal(), file: config.secretFile });
  const mayAct = (): boolean => integrity.outwardEffectsAllowed();
  const sealing = opened.adopt(new Sealing({ config, log, shared, secret, logger, now, mayAct }), (each) =>
    each.stop(),
  );
  sealing.start();
  const alertParts = { config, log, shared, secret, logger, now, mayAct };
  const alerts = opened.adopt(openAlerts(alertParts), (each) => each.stop());
  const hot = new HotAnswers({ now });
  register.onChange((matter) => hot.changed(matter));
  const answersLog = new AnswersLog({ log, now, on: config.recordAnswers });
  const lifetime = new Lifetime();
  const feed = new EventFeed(log, lifetime);
  const metrics = new Metrics({
    hot,
    answers: () => answersLog.recorded,
    streams: () => feed.open,
    views: () => views.state,
    sealing,
    integrity,
    alerts: () => alertMeasures(alerts.alerting, alerts.deliveries),
  });
  const readiness = new Readiness({ views, writable, sealing, alerting: alerts.alerting, integrity, lifetime });
  const gatekeeper = new Gatekeeper(config, keys);
  const http = await createHttp({
    gatekeeper,
    hot,
    answersLog,
    metrics,
    lookups: lookups({ log, register, keys, desk: alerts.desk, sealing }),
    logger,
    rates,
    lifetime,
    integrity,
    trustProxy: config.trustProxy,
  });
  const all = opened.move();
  const close: Parts['close'] = async (requests) => {
    // What waits for a cluster that does not answer gives up when the log is closed beneath it.
    const late = shared ? setTimeout(() => void log.close(), STOP_MS) : undefined;
    try {
      // Side by side: all of it has to end before the last resort of whoever started the service.
      await Promise.all([requests?.(), alerts.stop()]).finally(() => all.disposeAsync());
    } finally {
      clearTimeout(late);
    }
  };
  const publicUrl = new PublicUrl(config.publicUrl);
  const { mail, allowLoopbackWebhooks } = config;
  const settings = new Settings({ sendsMail: mail !== undefined, allowLoopbackWebhooks });
  const kept = { log, register, views, keys, sealing, alerts };
  const running = { clock: new Clock(now), lifetime, hot, answersLog, metrics, feed, readiness, integrity };
  return { ...kept, ...running, publicUrl, settings, http, close };
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
  readonly shared: boolean;
  readonly register: Register;
  readonly integrity: Integrity;
  readonly logger: FastifyBaseLogger;
  readonly now: () => number;
}

function openViews({ config, log, shared, register, integrity, logger, now }: ViewParts): Views {
  const report = ({ level, message, ...fields }: { level: 'info' | 'warn' | 'error'; message: string }): void =>
    logger[level](fields, message);
  const views = Views.open({ file: config.viewsFile, log, now, report });
  views.onApplied((events) => {
    for (const event of events) register.notice(event);
  });
  // This process alone writes to the embedded log, and every write goes through the register. What other processes write
  // is told of as long as the log is followed.
  if (shared) views.onTouch((inTouch) => register.live(inTouch));
  else register.live(true);
  views.onTouch((inTouch) => integrity.checked(inTouch));
  views.onIncident((incident) => integrity.report(incident));
  views.start();
  return views;
}
