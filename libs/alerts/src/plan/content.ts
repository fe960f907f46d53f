import type { Json } from '#libs/event-log';
import type { Change, Deadline, Headline } from '#libs/matter';

/** Standard Webhooks asks for bodies below 20 kB: whatever a list may hold, it is shown no further than this. */
const MOST_NAMED = 50;
const MOST_CHANGES = 20;
const MOST_HISTORY = 10;
const MOST_VALUE_CHARS = 4000;

/** Plain JSON of something that is: interfaces say nothing of their other fields. */
export function plain(value: object): { readonly [key: string]: Json } {
  return JSON.parse(JSON.stringify(value));
}

/** A deadline as a message shows it: without its trace, which is asked for where there is room. */
export function shownDeadline(deadline: Deadline): Json {
  const { trace: _trace, warnings: _warnings, obligated, history, ...rest } = deadline;
  const earlierDates = history.length - MOST_HISTORY;
  return plain({
    ...rest,
    obligated: obligated.slice(0, MOST_NAMED),
    history: history.slice(-MOST_HISTORY),
    ...(earlierDates > 0 && { earlierDates }),
  });
}

/** One side of a change of status: the headline, and what each changed axis says. */
export function shownStatus(headline: Headline, changes: readonly Change[], side: 'before' | 'after'): Json {
  const axes = changes.slice(0, MOST_CHANGES).map(({ provision, parties, enforcer, axis, [side]: value }) => ({
    provision,
    parties: parties.slice(0, MOST_NAMED),
    enforcer,
    axis,
    value,
  }));
  const left = changes.length - axes.length;
  return plain({ headline, axes, ...(left > 0 && { more: left }) });
}

/** The named fields of an entry; one that is too long for a message is only named. */
export function shownFields(entry: object, fields: readonly string[]): Json {
  const values = fields.map((field): [string, unknown] => {
    const value: unknown = Reflect.get(entry, field);
    const long = (JSON.stringify(value)?.length ?? 0) > MOST_VALUE_CHARS;
    return [field, long ? { tooLong: true } : (value ?? null)];
  });
  return plain(Object.fromEntries(values));
}
