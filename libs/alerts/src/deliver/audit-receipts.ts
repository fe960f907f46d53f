import type { EventLog, RecordedEvent } from '#libs/event-log';
import { bodyOf } from '../channels/body.ts';
import { textOf } from '../channels/mail-text.ts';
import { ALERT_STREAMS, alertStream, raisedBy } from '../raise/alert-event.ts';
import type { Alert, RaisedAlert } from '../alert.ts';
import type { Channel } from '../watch.ts';
import { WATCH_STREAMS } from '../watches/watch-event.ts';
import { WatchList } from '../watches/watch-list.ts';
import { hashOf } from './attempts.ts';
import { type DeliveryEnded, OUTBOX_STREAMS, readOutboxEvent, watchOf } from './outbox-events.ts';
import { emptyOutbox, evolve, type Filed, type OutboxState } from './outbox-state.ts';

/** What a receipt, a claim or an alert says that the rest of the log does not. */
export interface ReceiptFault {
  readonly watch: string;
  readonly alert: string;
  readonly position: bigint;
  /** The event that says so. */
  readonly event: string;
  /** One plain sentence. */
  readonly what: string;
}

export interface ReceiptsAudit {
  readonly alerts: number;
  /** Attempts whose receipt was compared. */
  readonly receipts: number;
  /** In the order of the log. */
  readonly faults: readonly ReceiptFault[];
}

/**
 * Compares every receipt with the body that the log gives for its alert: that alert has to be there, under that number,
 * and its turn must have come. Reads the log once. @throws EventLogError
 */
export async function auditReceipts(log: EventLog): Promise<ReceiptsAudit> {
  const audit = new Auditing(log);
  const filter = { streamPrefixes: [ALERT_STREAMS, OUTBOX_STREAMS, WATCH_STREAMS] };
  for await (const event of log.readAll({ filter })) await audit.take(event);
  return audit;
}

/** An alert as a receipt names it: what is kept of it is what there is to compare. */
interface Known {
  readonly id: string;
  readonly test: boolean;
  readonly raisedAt: string;
  readonly hashes: { readonly [Kind in Channel['kind']]: string };
}

class Auditing implements ReceiptsAudit {
  alerts = 0;
  receipts = 0;
  readonly faults: ReceiptFault[] = [];
  readonly #log: EventLog;
  readonly #watches = new WatchList();
  /** Channels that a watch has had by then: one that was changed meanwhile may have sent over the one before. */
  readonly #kinds = new Map<string, Set<Channel['kind']>>();
  readonly #raised = new Map<string, Known[]>();
  readonly #outboxes = new Map<string, OutboxState>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  async take(event: RecordedEvent): Promise<void> {
    if (event.stream.startsWith(ALERT_STREAMS)) this.#alert(event);
    else if (event.stream.startsWith(OUTBOX_STREAMS)) await this.#outbox(event);
    else {
      const turn = this.#watches.take(event);
      if (turn) this.#kindsOf(turn.after.id).add(turn.after.channelKind);
    }
  }

  #alert(event: RecordedEvent): void {
    const alert = raisedBy(event);
    if (!alert) return;
    this.alerts += 1;
    const known = this.#raised.get(alert.watch) ?? [];
    this.#raised.set(alert.watch, known);
    const hashes = hashesOf(event, alert, known.length + 1);
    known.push({ id: alert.id, test: alert.test, raisedAt: event.recordedAt, hashes });
    if (event.stream !== alertStream(alert.id) || event.id !== alert.id || event.revision !== 0)
      this.#fault(
        event,
        alert,
        `The alert ${alert.id} of the watch ${alert.watch} is not alone in a stream of its own.`,
      );
  }

  async #outbox(event: RecordedEvent): Promise<void> {
    const read = readOutboxEvent(event);
    if (!read) return;
    const watch = watchOf(event.stream);
    const state = this.#outboxes.get(watch) ?? emptyOutbox;
    const filed: Filed = { ...read, id: event.id };
    if (filed.type === 'DeliveryStarted') {
      const { alert, seq } = filed.data;
      const turn = this.#next(watch, state.cursor);
      const what = `Alert ${seq} (${alert}) of the watch ${watch} was sent when it was the turn of ${turn ?? 'none'}.`;
      if (seq !== turn) this.#fault(event, { watch, id: alert }, what);
    }
    if (filed.type === 'DeliveryEnded') await this.#receipt(event, watch, filed.data, state);
    this.#outboxes.set(watch, evolve(state, filed));
  }

  async #receipt(event: RecordedEvent, watch: string, ended: DeliveryEnded, { claim }: OutboxState): Promise<void> {
    this.receipts += 1;
    const { alert, seq, bodyHash } = ended;
    const known = this.#raised.get(watch)?.[seq - 1];
    const which = `alert ${seq} (${alert}) of the watch ${watch}`;
    const fault = (what: string): void => this.#fault(event, { watch, id: alert }, what);
    if (known?.id !== alert) return fault(`There is a receipt for ${which}, and the log has no such alert by then.`);
    if (ended.claim !== null && !(claim?.id === ended.claim && claim.alert === alert && claim.seq === seq))
      fault(`The receipt for ${which} ends a claim that it does not have.`);
    const isSent = (hashes: Known['hashes']): boolean =>
      [...this.#kindsOf(watch)].some((kind) => hashes[kind] === bodyHash);
    if (!isSent(known.hashes) && !(await this.#alone(known, seq)).some(isSent))
      fault(`What was sent as ${which} is not what the log gives for it.`);
  }

  /** An alert is sent as its stream alone shows it, which may be of a little before the time that the log gives it. */
  async #alone({ id, raisedAt, hashes }: Known, seq: number): Promise<Known['hashes'][]> {
    const events = await Array.fromAsync(this.#log.read(alertStream(id)));
    return events.flatMap((event) => {
      const alert = event.recordedAt < raisedAt ? raisedBy(event) : undefined;
      const inLog = alert && hashesOf({ ...event, recordedAt: raisedAt }, alert, seq);
      return alert && inLog?.webhook === hashes.webhook ? [hashesOf(event, alert, seq)] : [];
    });
  }

  /** Test alerts are sent out of turn. */
  #next(watch: string, cursor: number): number | undefined {
    const known = this.#raised.get(watch) ?? [];
    for (let index = cursor; index < known.length; index += 1) if (known[index]?.test === false) return index + 1;
    return undefined;
  }

  #kindsOf(watch: string): Set<Channel['kind']> {
    const kinds = this.#kinds.get(watch) ?? new Set();
    this.#kinds.set(watch, kinds);
    return kinds;
  }

  #fault({ position, id: event }: RecordedEvent, alert: { watch: string; id: string }, what: string): void {
    this.faults.push({ watch: alert.watch, alert: alert.id, position, event, what });
  }
}

function hashesOf({ position, recordedAt: raisedAt }: RecordedEvent, alert: Alert, seq: number): Known['hashes'] {
  const raised = { alert, seq, position, raisedAt };
  return { webhook: rendered(bodyOf, raised), email: rendered(textOf, raised) };
}

/** Empty for what no alert of ours says: then nothing can have been sent that is equal to it. */
function rendered(render: (raised: RaisedAlert) => string, raised: RaisedAlert): string {
  try {
    return hashOf(render(raised));
  } catch {
    return '';
  }
}
