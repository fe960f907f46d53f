import type { RecordedEvent } from '#libs/event-log';

/** Streams of this prefix are no matter's: they are in no public log, and auditors alone read them. */
export const ANSWERS = 'answers-';
export const ANSWER_GIVEN = 'AnswerGiven';

/** That somebody was told of entries by an answer, as far as alerts ask. */
export interface Answered {
  /** The event's id. */
  readonly answer: string;
  /** Whoever asked, as the log names them and as watches name their owners. */
  readonly actor: string;
  readonly matter: string;
  /** The entries that decided it. */
  readonly told: readonly string[];
}

/** Undefined for any other event, and for one that only a newer version of this program can read. */
export function answeredBy({ id: answer, stream, type, schema, data, meta }: RecordedEvent): Answered | undefined {
  if (!stream.startsWith(ANSWERS) || type !== ANSWER_GIVEN || schema !== 1) return undefined;
  const { matter, told }: { readonly matter?: unknown; readonly told?: unknown } = Object(data);
  const { actor }: { readonly actor?: unknown } = Object(meta);
  if (typeof matter !== 'string' || typeof actor !== 'string' || !Array.isArray(told)) return undefined;
  return { answer, actor, matter, told: told.filter((entry) => typeof entry === 'string') };
}
