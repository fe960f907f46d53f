import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  auditReceipts,
  Deliveries,
  EmailSender,
  type RaisedAlert,
  type Receipt,
  Receivers,
  WebhookSender,
} from '#libs/alerts';
import { MemoryEventLog, type ReadAllOptions, type RecordedEvent } from '#libs/event-log';
import { alertsCheck } from '../../apps/cli/src/audit/alerts-check.ts';
import { Chronicle, raisedFor } from '../support/alerts.ts';
import { aMatter, issued, setsDeadline } from '../support/matter.ts';

const DAY = 86_400_000;

type Edit = (event: RecordedEvent) => RecordedEvent | undefined;
let edit: Edit = (event) => event;

/** A log whose events may have been edited by the time they are read again. */
class EditedLog extends MemoryEventLog {
  override async *readAll(options: ReadAllOptions = {}): AsyncGenerator<RecordedEvent, void> {
    for await (const event of super.readAll(options)) {
      const edited = edit(event);
      if (edited) yield edited;
    }
  }
}

const withData =
  (type: string, data: object): Edit =>
  (event) =>
    event.type === type ? { ...event, data: { ...Object(event.data), ...data } } : event;

describe('the audit of receipts', () => {
  let chronicle: Chronicle;
  let watch: string;
  let raised: readonly RaisedAlert[];
  let receipts: readonly Receipt[];

  /** Two alerts and a test, each tried twice before it is delivered. */
  beforeEach(async () => {
    edit = (event) => event;
    chronicle = new Chronicle(Date.parse('2025-03-01T17:00:00Z'), (now) => new EditedLog({ now }));
    const { log, time, desk } = chronicle;
    await chronicle.register.openMatter(aMatter(), { actor: 'tests' });
    watch = (await chronicle.watch()).id;
    const alerting = chronicle.alerting();
    let attempts = 0;
    const deliveries = new Deliveries({
      log,
      alerts: alerting.raised,
      watches: new Receivers(desk),
      senders: {
        webhook: {
          render: new WebhookSender({ allowLoopback: false }).render,
          send: async () => ({ result: (attempts += 1) % 2 === 0 ? 'delivered' : 'failed', status: 200, answer: '' }),
        },
        email: {
          render: new EmailSender({
            server: { host: 'localhost', port: 25, secure: false, requireTls: false },
            from: 'a@b.test',
          }).render,
          send: async () => ({ result: 'delivered', status: 250, answer: '' }),
        },
      },
      scheduler: time.scheduler,
    });
    deliveries.start();
    await time.settle();
    const known = await desk.read(watch);
    if (!known) throw new Error('there is no watch');
    const testing = await alerting.test(known, AbortSignal.timeout(1000));
    if (!testing) throw new Error('no test alert');
    await deliveries.test(testing);
    await chronicle.records(issued('rule', '2025-03-01', [setsDeadline('report', '2025-04-05')]));
    await time.run(10 * DAY);
    await desk.tell(watch, 'key:1', { kind: 'change', settings: {}, channel: { kind: 'email', to: 'a@example.org' } });
    await time.run(30 * DAY);
    receipts = (await deliveries.receipts(watch, { after: 0, limit: 50 })).items;
    await deliveries.replay(watch, { after: 1, by: 'key:1' });
    await time.run(DAY);
    raised = await raisedFor(alerting, watch);
    await deliveries.stop();
    await alerting.stop();
  });
  afterEach(() => chronicle.log.close());

  const whatDiffers = async (): Promise<readonly string[]> => {
    const { faults } = await auditReceipts(chronicle.log);
    for (const fault of faults) expect(fault.watch).toBe(watch);
    return faults.map(({ what }) => what);
  };
  const second = (): string => raised[1]?.alert.id ?? '';

  it('finds nothing in what nobody touched: retries, a test, a replay, a change of channel', async () => {
    const outcomes = await Array.fromAsync(chronicle.log.read(`outbox-${watch}`));
    const ended = outcomes.filter(({ type }) => type === 'DeliveryEnded');
    expect(await auditReceipts(chronicle.log)).toMatchObject({
      alerts: raised.length,
      receipts: ended.length,
      faults: [],
    });
    expect(ended.length).toBeGreaterThan(raised.length);
    expect(await alertsCheck().run({ log: chronicle.log })).toMatchObject({ result: 'passed' });
  });

  it('finds what the receipts of the service say, also of what went over a channel that was changed since', () => {
    expect(receipts.every(({ intact }) => intact)).toBe(true);
    expect(receipts.map(({ body }) => body.startsWith('{'))).toEqual([...Array(3).fill(true), ...Array(4).fill(false)]);
    for (const { bodyHash, attempts } of receipts) expect(attempts.at(-1)?.bodyHash).toBe(bodyHash);
  });

  it('finds nothing in alerts that the log gives a later time than their streams, as beside other writers', async () => {
    edit = (event) =>
      event.type === 'AlertRaised' ? { ...event, recordedAt: event.recordedAt.replace(/\.\d+Z$/, '.999Z') } : event;
    expect(await whatDiffers()).toEqual([]);
    edit = (event) => (event.type === 'AlertRaised' ? { ...event, recordedAt: '2024-01-01T00:00:00.000Z' } : event);
    expect((await whatDiffers()).length).toBeGreaterThan(0);
  });

  it('names the receipt whose hash was changed, by alert, watch and position', async () => {
    const target = (await Array.fromAsync(chronicle.log.read(`outbox-${watch}`))).find(
      ({ type, data }) => type === 'DeliveryEnded' && Object(data).seq === 2,
    );
    edit = (event) => (event.id === target?.id ? withData('DeliveryEnded', { bodyHash: 'AAAA' })(event) : event);
    const what = `What was sent as alert 2 (${second()}) of the watch ${watch} is not what the log gives for it.`;
    const { faults } = await auditReceipts(chronicle.log);
    expect(faults).toEqual([{ watch, alert: second(), position: target?.position, event: target?.id, what }]);
    expect(await alertsCheck().run({ log: chronicle.log })).toMatchObject({
      result: 'failed',
      differences: [{ what, position: String(target?.position), event: target?.id }],
    });
  });

  it('names every receipt of an alert whose text was changed', async () => {
    edit = (event) => (event.id === second() ? withData('AlertRaised', { text: 'Nothing to see.' })(event) : event);
    const differing = await whatDiffers();
    expect(differing.length).toBeGreaterThan(1);
    expect(new Set(differing)).toEqual(
      new Set([`What was sent as alert 2 (${second()}) of the watch ${watch} is not what the log gives for it.`]),
    );
  });

  it('names receipts of an alert that is not there', async () => {
    edit = (event) => (event.id === second() ? undefined : event);
    const differing = await whatDiffers();
    expect(differing).toContain(
      `There is a receipt for alert 2 (${second()}) of the watch ${watch}, and the log has no such alert by then.`,
    );
  });

  it('names what was sent out of turn', async () => {
    const outbox = await Array.fromAsync(chronicle.log.read(`outbox-${watch}`));
    const first = outbox.find(({ type }) => type === 'DeliveryStarted');
    edit = (event) => (event.id === first?.id ? withData('DeliveryStarted', { seq: 3 })(event) : event);
    expect((await whatDiffers())[0]).toBe(
      `Alert 3 (${second()}) of the watch ${watch} was sent when it was the turn of 2.`,
    );
  });

  it('names an alert that is not in its own stream', async () => {
    edit = (event) => (event.id === second() ? { ...event, revision: 1 } : event);
    expect(await whatDiffers()).toEqual([
      `The alert ${second()} of the watch ${watch} is not alone in a stream of its own.`,
    ]);
  });
});
