import type { EventLog } from '#libs/event-log';
import type { AlertType, RaisedAlert } from '../alert.ts';
import { bodyOf } from '../channels/body.ts';
import { textOf } from '../channels/mail-text.ts';
import type { Channel } from '../watch.ts';
import { hashOf } from './attempts.ts';
import type { AlertBook, WatchBook } from './books.ts';
import type { Sender } from './channel.ts';
import { type DeliveryEnded, outboxStream, readOutboxEvent } from './outbox-events.ts';

export type ReceiptAttempt = Pick<
  DeliveryEnded,
  'attempt' | 'round' | 'outcome' | 'startedAt' | 'ms' | 'status' | 'answer' | 'bodyHash' | 'nextAttemptAt'
>;

/** What became of one alert. `waiting`: not tried, or to be tried again. `failed`: given up. */
export interface Receipt {
  readonly seq: number;
  readonly alert: string;
  readonly type: AlertType;
  readonly test: boolean;
  readonly raisedAt: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly nextAttemptAt: string | null;
  readonly attempts: readonly ReceiptAttempt[];
  /** The exact body of the last attempt, or of the one to come, made again from the alert, and its SHA-256 in base64. */
  readonly body: string;
  readonly bodyHash: string;
  /** Every attempt carried the very bytes that the alert gives for its channel. */
  readonly intact: boolean;
}

export interface ReceiptPage {
  readonly items: readonly Receipt[];
  /** The `after` of the next page. */
  readonly next: number | null;
}

export interface ReceiptsOptions {
  readonly log: EventLog;
  readonly alerts: AlertBook;
  readonly watches: WatchBook;
  readonly senders: { readonly [Kind in Channel['kind']]?: Sender };
}

/** The numbered receipts of a watch, from its alerts and its outbox. */
export class Receipts {
  readonly #options: ReceiptsOptions;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  async page(
    watch: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<ReceiptPage> {
    const alerts: RaisedAlert[] = [];
    for await (const raised of this.#options.alerts.after(watch, after)) {
      alerts.push(raised);
      // One more than fits tells that there is a next page.
      if (alerts.length > limit) break;
    }
    const shown = alerts.slice(0, limit);
    const attempts = await this.#attempts(watch, new Set(shown.map(({ seq }) => seq)));
    const renders = await this.#renders(watch);
    const items = shown.map((raised) => {
      const bodies = renders.map((render) => render(raised));
      return receiptOf(raised, attempts.get(raised.seq) ?? [], bodies);
    });
    return { items, next: alerts.length > limit ? (shown.at(-1)?.seq ?? null) : null };
  }

  async #attempts(watch: string, wanted: ReadonlySet<number>): Promise<ReadonlyMap<number, readonly DeliveryEnded[]>> {
    const found = new Map<number, DeliveryEnded[]>();
    for await (const recorded of this.#options.log.read(outboxStream(watch))) {
      const event = readOutboxEvent(recorded);
      if (event?.type !== 'DeliveryEnded' || !wanted.has(event.data.seq)) continue;
      const known = found.get(event.data.seq) ?? [];
      found.set(event.data.seq, [...known, event.data]);
    }
    return found;
  }

  /** Of its present channel first; one that was changed has sent over the other, too. */
  async #renders(watch: string): Promise<readonly Sender['render'][]> {
    const { watches, senders } = this.#options;
    const webhook = senders.webhook?.render ?? bodyOf;
    const email = senders.email?.render ?? textOf;
    return (await watches.channelKind(watch)) === 'email' ? [email, webhook] : [webhook, email];
  }
}

function receiptOf(
  { alert, seq, raisedAt }: RaisedAlert,
  ended: readonly DeliveryEnded[],
  bodies: readonly string[],
): Receipt {
  const last = ended.at(-1);
  const hashes = bodies.map(hashOf);
  const sent = Math.max(0, hashes.indexOf(last?.bodyHash ?? ''));
  const [body = '', bodyHash = ''] = [bodies[sent], hashes[sent]];
  return {
    seq,
    alert: alert.id,
    type: alert.type,
    test: alert.test,
    raisedAt,
    state: stateOf(last),
    nextAttemptAt: last?.nextAttemptAt ?? null,
    attempts: ended.map(attemptOf),
    body,
    bodyHash,
    intact: ended.every((each) => hashes.includes(each.bodyHash)),
  };
}

function stateOf(last: DeliveryEnded | undefined): Receipt['state'] {
  if (!last || last.outcome === 'failed') return 'waiting';
  return last.outcome === 'delivered' ? 'delivered' : 'failed';
}

function attemptOf(ended: DeliveryEnded): ReceiptAttempt {
  const { attempt, round, outcome, startedAt, ms, status, answer, bodyHash, nextAttemptAt } = ended;
  return { attempt, round, outcome, startedAt, ms, status, answer, bodyHash, nextAttemptAt };
}
