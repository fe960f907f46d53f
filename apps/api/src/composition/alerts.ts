import type { FastifyBaseLogger } from 'fastify';
import { Alerting, Deliveries, Receivers, sendersOf, Unsubscribing, WatchDesk } from '#libs/alerts';
import type { Config } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import { Vault } from '#libs/vault';

export interface AlertParts {
  readonly desk: WatchDesk;
  readonly alerting: Alerting;
  readonly deliveries: Deliveries;
  readonly unsubscribing: Unsubscribing | undefined;
  /** Stops planning first, and then what is in flight. */
  readonly stop: () => Promise<void>;
}

interface Needed {
  readonly config: Config;
  readonly log: EventLog;
  /** Other processes write to it, too. */
  readonly shared: boolean;
  /** The installation's. */
  readonly secret: string;
  /** Not while the log may have been put back to an earlier state. */
  readonly mayAct: () => boolean;
  readonly logger: FastifyBaseLogger;
  readonly now: () => number;
}

/** Watches, alerts and their delivery, running. */
export function openAlerts({ config, log, shared, secret, logger, now, mayAct }: Needed): AlertParts {
  const vault = new Vault(secret);
  const desk = new WatchDesk({ log, vault });
  const alerting = new Alerting({ log, now, outwardEffectsAllowed: mayAct, report: (message) => logger.warn(message) });
  const unsubscribing = unsubscribingOf(config, vault);
  const deliveries = new Deliveries({
    log,
    alerts: alerting.raised,
    watches: new Receivers(desk),
    senders: sendersOf({ mail: config.mail, allowLoopback: config.allowLoopbackWebhooks, unsubscribing }),
    // Only one process can write to the embedded log: whatever was claimed in another life was claimed by it.
    ...(!shared && { replica: 'embedded' }),
    outwardEffectsAllowed: mayAct,
    now,
    report: ({ message, watch, error }) => logger.warn({ err: error, watch }, message),
  });
  alerting.start();
  deliveries.start();
  const stop = async (): Promise<void> => {
    await alerting.stop();
    await deliveries.stop();
  };
  return { desk, alerting, deliveries, unsubscribing, stop };
}

/** A link that ends mails has to lead to us from outside. */
function unsubscribingOf({ publicUrl }: Config, vault: Vault): Unsubscribing | undefined {
  if (publicUrl === undefined) return undefined;
  return new Unsubscribing({ publicUrl, keyOf: (watch) => vault.derive('unsubscribe', watch) });
}
