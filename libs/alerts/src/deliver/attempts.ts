import { hash } from 'node:crypto';
import { VaultError } from '#libs/vault';
import type { RaisedAlert } from '../alert.ts';
import type { Channel } from '../watch.ts';
import type { AlertBook, Receiver, WatchBook } from './books.ts';
import type { Attempted, Sender } from './channel.ts';
import { discreet } from './discreet.ts';
import type { Outbox } from './outbox.ts';
import type { DeliveryEnded, Outcome } from './outbox-events.ts';
import { type Claim, freeAt } from './outbox-state.ts';
import type { Schedule } from './schedule.ts';

export interface AttemptsOptions {
  readonly alerts: AlertBook;
  readonly watches: WatchBook;
  readonly senders: { readonly [Kind in Channel['kind']]?: Sender };
  readonly outwardEffectsAllowed?: () => boolean | Promise<boolean>;
  readonly outboxOf: (watch: string) => Outbox;
  readonly replica: string;
  readonly schedule: Schedule;
  readonly leaseMs: number;
  readonly now: () => number;
}

/** When to look again at what nothing can be done about just now. */
const RECHECK_MS = 60_000;

/** One attempt at the alert whose turn it is. */
export class Attempts {
  /** Attempts of this process, by how they ended. */
  readonly ended: Record<Outcome, number> = { delivered: 0, failed: 0, 'gave-up': 0, gone: 0 };
  readonly #options: AttemptsOptions;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  outboxOf(watch: string): Outbox {
    return this.#options.outboxOf(watch);
  }

  /** Epoch ms of when to come again; null: when something has changed. */
  async step(watch: string, signal: AbortSignal): Promise<number | null> {
    const { alerts, watches, senders, replica, leaseMs, outwardEffectsAllowed = () => true } = this.#options;
    const now = this.#options.now();
    const receiver = await watches.receiver(watch, now);
    if (receiver?.state !== 'active') return null;
    const outbox = this.#options.outboxOf(watch);
    const state = await outbox.state();
    const raised = await first(alerts.after(watch, state.cursor));
    if (!raised) return null;
    const free = freeAt(state, replica);
    if (free > now) return free;
    const sender = senders[receiver.channel.kind];
    if (!sender || !(await outwardEffectsAllowed())) return now + RECHECK_MS;
    const claim = await outbox.claim(raised, { cursor: state.cursor, now, leaseMs });
    if (claim) await this.#deliver(claim, { raised, receiver, sender, outbox, signal });
    return signal.aborted ? null : now;
  }

  async test(raised: RaisedAlert, signal: AbortSignal): Promise<Attempted> {
    const { senders, outboxOf, outwardEffectsAllowed = () => true } = this.#options;
    const at = this.#options.now();
    const { watch } = raised.alert;
    const receiver = await this.#tested(watch, at);
    const sender = receiver && senders[receiver.channel.kind];
    if (!sender || receiver.state === 'removed' || !(await outwardEffectsAllowed()))
      return { result: 'failed', status: null, answer: 'Nothing is sent to this watch just now.' };
    const body = sender.render(raised);
    const attempted = await sender.send({ raised, receiver, body, at, signal });
    const outcome = attempted.result === 'delivered' ? 'delivered' : 'gave-up';
    const { alert, seq } = raised;
    const about = { claim: null, alert: alert.id, seq, round: 0, attempt: 1 };
    const receipt = this.#receipt(discreetly(attempted, receiver), at, body);
    await outboxOf(watch).end({ ...about, ...receipt, outcome, nextAttemptAt: null });
    this.ended[outcome] += 1;
    return attempted;
  }

  /** Undefined also for an address that was sealed under another secret: the owner is told so, and gives it anew. */
  async #tested(watch: string, at: number): Promise<Receiver | undefined> {
    try {
      return await this.#options.watches.receiver(watch, at);
    } catch (error) {
      if (error instanceof VaultError) return undefined;
      throw error;
    }
  }

  async #deliver(claim: Claim, { raised, receiver, sender, outbox, signal }: Turn): Promise<void> {
    const at = this.#options.now();
    // The append took so long that another replica may have begun by now.
    if (at >= Date.parse(claim.leaseUntil)) return;
    const body = sender.render(raised);
    const attempted = discreetly(await sender.send({ raised, receiver, body, at, signal }), receiver);
    // Broken off from our side: it counts as not tried, and whoever comes next begins with it.
    if (signal.aborted && attempted.result !== 'delivered') return;
    const next = this.#next(claim, attempted);
    // Before the receipt: a crash in between leaves the alert to be tried once the watch is back, and not a watch on
    // which every alert fails for three days.
    const why = next.outcome === 'gone' || next.outcome === 'gave-up' ? reasonFor(next.outcome, claim, attempted) : '';
    if (why !== '') await this.#options.watches.disable(receiver.watch, why);
    const { id, alert, seq, round, attempt } = claim;
    const end = { claim: id, alert, seq, round, attempt, ...this.#receipt(attempted, at, body), ...next };
    await outbox.end(end);
    this.ended[end.outcome] += 1;
  }

  #next(
    { attempt, alert }: Claim,
    { result, retryAfterMs }: Attempted,
  ): Pick<DeliveryEnded, 'outcome' | 'nextAttemptAt'> {
    if (result !== 'failed') return { outcome: result, nextAttemptAt: null };
    const again = this.#options.schedule.after(attempt, alert, this.#options.now(), retryAfterMs);
    if (again === null) return { outcome: 'gave-up', nextAttemptAt: null };
    return { outcome: 'failed', nextAttemptAt: new Date(again).toISOString() };
  }

  #receipt({ status, answer }: Attempted, at: number, body: string) {
    const ms = Math.max(0, this.#options.now() - at);
    return { startedAt: new Date(at).toISOString(), ms, status, answer: answer.toWellFormed(), bodyHash: hashOf(body) };
  }
}

interface Turn {
  readonly raised: RaisedAlert;
  readonly receiver: Receiver;
  readonly sender: Sender;
  readonly outbox: Outbox;
  readonly signal: AbortSignal;
}

/** As it goes on record. */
function discreetly(attempted: Attempted, { channel }: Receiver): Attempted {
  return { ...attempted, answer: discreet(attempted.answer, channel) };
}

/** SHA-256 of the UTF-8 bytes, in base64. */
export function hashOf(body: string): string {
  return hash('sha256', body, 'base64');
}

/** Test alerts are sent out of turn, and are nobody's turn. */
async function first(alerts: AsyncIterable<RaisedAlert>): Promise<RaisedAlert | undefined> {
  for await (const raised of alerts) if (!raised.alert.test) return raised;
  return undefined;
}

function reasonFor(outcome: Outcome, { attempt, seq }: Claim, { status, answer }: Attempted): string {
  if (outcome === 'gone') return `The receiver wants no more: it answered ${status ?? answer}.`;
  const last = status === null ? answer.slice(0, 200) : `status ${status}`;
  return `Alert ${seq} could not be delivered in ${attempt} attempts; the last one ended with ${last}`.replace(
    /\.?$/,
    '.',
  );
}
