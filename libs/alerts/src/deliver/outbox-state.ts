import type { DeliveryEnded, DeliveryStarted, OutboxEvent } from './outbox-events.ts';

/** A `DeliveryStarted` that has not ended. */
export interface Claim extends DeliveryStarted {
  /** The event's id. */
  readonly id: string;
}

/** Where delivery to one watch stands. */
export interface OutboxState {
  /** Every alert up to this `seq` has ended, one way or another. */
  readonly cursor: number;
  readonly round: number;
  /** Failed attempts, in this round, at the alert after the cursor. */
  readonly tries: number;
  /** Epoch ms; not before this. */
  readonly nextAttemptAt: number;
  readonly claim: Claim | null;
}

export const emptyOutbox: OutboxState = { cursor: 0, round: 0, tries: 0, nextAttemptAt: 0, claim: null };

/** An event with its id. */
export type Filed = OutboxEvent & { readonly id: string };

export function evolve(state: OutboxState, event: Filed): OutboxState {
  switch (event.type) {
    case 'DeliveryStarted':
      return { ...state, claim: { ...event.data, id: event.id } };
    case 'DeliveryEnded':
      return ended(state, event.data);
    case 'ReplayRequested': {
      const { after } = event.data;
      if (after > state.cursor) return state;
      return { ...state, cursor: after, round: state.round + 1, tries: 0, nextAttemptAt: 0 };
    }
  }
}

function ended(state: OutboxState, end: DeliveryEnded): OutboxState {
  if (end.claim === null || end.claim !== state.claim?.id) return state;
  const free = { ...state, claim: null };
  // A replay was asked for meanwhile: it begins where it was asked to.
  if (end.round !== state.round) return free;
  if (end.outcome === 'failed')
    return {
      ...free,
      tries: end.attempt,
      nextAttemptAt: end.nextAttemptAt === null ? 0 : Date.parse(end.nextAttemptAt),
    };
  return { ...free, cursor: end.seq, tries: 0, nextAttemptAt: 0 };
}

/** Epoch ms from which this replica may try. What it claimed in a former life is its own. */
export function freeAt({ claim, nextAttemptAt }: OutboxState, replica: string): number {
  const lease = claim && claim.replica !== replica ? Date.parse(claim.leaseUntil) : 0;
  return Math.max(lease, nextAttemptAt);
}
