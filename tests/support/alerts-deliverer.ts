// Delivers the alerts of the log in `file` to `url`, until it is killed: `node alerts-deliverer.ts <file> <url> <replica>`.
import { Deliveries, Schedule, symmetricSecret, WebhookSender } from '#libs/alerts';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { LoggedAlerts, Watches } from './alerts-delivery.ts';

const [file = '', url = '', replica = ''] = process.argv.slice(2);
const log = await SqliteEventLog.open({ file });
const deliveries = new Deliveries({
  log,
  alerts: new LoggedAlerts(log),
  watches: new Watches({ channel: { kind: 'webhook', url }, secrets: [symmetricSecret(Buffer.alloc(32, 1))] }),
  senders: { webhook: new WebhookSender({ allowLoopback: true, totalMs: 150 }) },
  schedule: new Schedule(0.0001),
  replica,
  leaseMs: 400,
});
deliveries.start();
// Following a log keeps no process alive.
setInterval(() => undefined, 1000);
console.log('open');
