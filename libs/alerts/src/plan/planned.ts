import type { Json } from '#libs/event-log';
import type { Alert, AlertType } from '../alert.ts';
import type { Watch } from '../watch.ts';
import { alertId } from './alert-id.ts';

/** An alert before it is known how late it is raised. */
export type PlannedAlert = Omit<Alert, 'late'>;

/** What happened, when and by what: the same for everybody who is told of it. */
export interface Occasion {
  readonly matter: string;
  /** Names the fact among all facts: an event, or the moment of a flip. */
  readonly key: string;
  /** Epoch ms. */
  readonly at: number;
  /** Epoch ms up to which the reminders have come: what passes at a moment comes before the reminders of that moment. */
  readonly rungsThrough: number;
  /** The entry that made it; null for what the clock did. */
  readonly entry: string | null;
  /** What did it, in words: that entry, or its correction or retraction. */
  readonly by: string | undefined;
}

interface Content {
  readonly type: AlertType;
  /** What tells it from other alerts of its type on the same occasion. */
  readonly subject: readonly string[];
  readonly lead?: string;
  readonly corrects?: string;
  readonly answer?: string;
  readonly told?: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
  readonly deadline?: Json;
  readonly text: string;
}

/** An alert of something that happened. */
export function planned(watch: Watch, { matter, key, at, entry }: Occasion, content: Content): PlannedAlert {
  const {
    type,
    subject,
    lead = null,
    corrects = null,
    answer = null,
    told = [],
    before = null,
    after = null,
    deadline = null,
  } = content;
  return {
    id: alertId(watch.id, type, matter, ...subject, key),
    watch: watch.id,
    type,
    dueAt: new Date(at).toISOString(),
    matter,
    entry,
    lead,
    test: false,
    corrects,
    answer,
    told,
    before,
    after,
    deadline,
    text: content.text,
  };
}
