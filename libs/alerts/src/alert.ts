import type { Json } from '#libs/event-log';

/** CONTRACT, Watches: also what `filter.kinds` may name. */
export const alertKinds = [
  'status-changed',
  'deadline-set',
  'deadline-moved',
  'deadline-closed',
  'deadline-reminder',
  'pause-ending',
  'correction-issued',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** Beside the kinds of the record: what the service says of itself. */
export type AlertType = AlertKind | 'test' | 'watch-disabled';

/** What is to be told to one watch. Everything but `seq`, which follows from its place in the log. */
export interface Alert {
  /** A hash of the watch, the kind and the fact, as a UUID (version 8, RFC 9562 §5.8): the same fact has one alert. */
  readonly id: string;
  readonly watch: string;
  readonly type: AlertType;
  /** RFC 3339 in UTC: when it fell due (a rung, a flip) or when its fact was recorded. */
  readonly dueAt: string;
  readonly matter: string | null;
  /** The entry that made the fact, if one did. */
  readonly entry: string | null;
  /** ISO 8601, such as `P7D`; of reminders. */
  readonly lead: string | null;
  /** Raised well after it fell due. */
  readonly late: boolean;
  readonly test: boolean;
  /** The alert that this one corrects. */
  readonly corrects: string | null;
  /** The answer, an event `AnswerGiven`, in which the owner had been told what this one corrects. */
  readonly answer: string | null;
  /** Entries whose content was told: a correction of one of them goes to this watch. */
  readonly told: readonly string[];
  readonly before: Json;
  readonly after: Json;
  readonly deadline: Json;
  /** One plain sentence. */
  readonly text: string;
}

/** An alert with its place: `seq` counts the alerts of its watch from 1, in log order. */
export interface RaisedAlert {
  readonly alert: Alert;
  readonly seq: number;
  readonly position: bigint;
  /** RFC 3339 in UTC. */
  readonly raisedAt: string;
}

/** CONTRACT, Watches: the webhook body and the SSE data. */
export interface AlertMessage {
  readonly type: AlertType;
  readonly timestamp: string;
  readonly data: {
    readonly alert: string;
    readonly watch: string;
    readonly seq: number;
    readonly matter: string | null;
    readonly entry: string | null;
    readonly lead: string | null;
    readonly late: boolean;
    readonly test: boolean;
    readonly corrects: string | null;
    readonly answer: string | null;
    readonly before: Json;
    readonly after: Json;
    readonly deadline: Json;
    readonly text: string;
  };
}

/** The exact message: the same alert gives the same bytes for ever, so a receipt needs only their hash. */
export function messageOf({ alert, seq, raisedAt }: RaisedAlert): AlertMessage {
  const { id, watch, type, matter, entry, lead, late, test, corrects, answer } = alert;
  const { before, after, deadline, text } = alert;
  const about = { alert: id, watch, seq, matter, entry, lead, late, test, corrects, answer };
  const data = { ...about, before, after, deadline, text };
  return { type, timestamp: raisedAt, data };
}
