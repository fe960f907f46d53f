// Delivers the alerts of a log, a file or a KurrentDB, to `url` until it is killed:
// `node alerts-deliverer.ts <log> <url> <replica> [<lease in ms>] [<patience with an answer in ms>]`.
import { Deliveries, Schedule, symmetricSecret, WebhookSender } from '#libs/alerts';
import type { EventLog } from '#libs/event-log';
import { KurrentEventLog } from '#libs/event-log-kurrent';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { LoggedAlerts, Watches } from './alerts-delivery.ts';

const [place = '', url = '', replica = '', lease = '400', patience = '150'] = process.argv.slice(2);
const log: EventLog = place.includes('://')
  ? await KurrentEventLog.open({ connectionString: place })
  : await SqliteEventLog.open({ file: place });
const deliveries = new Deliveries({
  log,
  alerts: new LoggedAlerts(log),
  watches: new Watches({ channel: { kind: 'webhook', url }, secrets: [symmetricSecret(Buffer.alloc(32, 1))] }),
  senders: { webhook: new WebhookSender({ allowLoopback: true, totalMs: Number(patience) }) },
  schedule: new Schedule(0.00002),
  replica,
  leaseMs: Number(lease),
});
deliveries.start();
// Following a log keeps no process alive.
setInterval(() => undefined, 1000);
console.log('open');
