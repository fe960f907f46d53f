import type { Entry, MatterLogged } from '#libs/matter';
import type { Watch } from '../watch.ts';
import type { WatchList } from '../watches/watch-list.ts';
import { plain, shownFields } from './content.ts';
import { isAbout } from './interest.ts';
import type { MatterState } from './matter-state.ts';
import { type Occasion, planned, type PlannedAlert } from './planned.ts';

/** The entry that an event corrects or retracts, as it is believed before it. */
export function entryOf(event: MatterLogged, { record }: MatterState): Entry | undefined {
  if (event.type !== 'EntryCorrected' && event.type !== 'EntryRetracted') return undefined;
  return record?.entries.get(event.data.entry)?.entry;
}

/** Whoever was told of the entry, by alerts or answers, hears of it, whatever kinds it asked for: it acts on what was wrong. */
export function correctionsOf(
  state: MatterState,
  event: MatterLogged,
  was: Entry | undefined,
  occasion: Occasion,
  watches: WatchList,
): readonly { readonly watch: Watch; readonly alert: PlannedAlert }[] {
  if ((event.type !== 'EntryCorrected' && event.type !== 'EntryRetracted') || !was) return [];
  const { entry, reason } = event.data;
  const is = event.type === 'EntryCorrected' ? state.record?.entries.get(entry)?.entry : undefined;
  const fields = event.type === 'EntryCorrected' ? Object.keys(event.data.changes) : [];
  const corrected: Corrected = { entry, title: was.title, reason, fields, was, is };
  const told = state.told.of(entry);
  const answers = state.answered.get(entry) ?? new Map<string, string>();
  const concerned = new Set([...told.keys(), ...watching(state, answers.keys(), watches)]);
  return [...concerned].flatMap((id) => {
    const watch = watches.get(id);
    if (!watch || watch.state === 'removed') return [];
    const by = { alerts: told.get(id) ?? [], answer: answers.get(watch.owner) };
    return [{ watch, alert: correction(watch, occasion, corrected, by) }];
  });
}

/** The watches of whoever was answered, where they are about the matter: an answer itself reaches nobody a second time. */
function watching({ record }: MatterState, owners: Iterable<string>, watches: WatchList): readonly string[] {
  if (!record) return [];
  const { matter, roster } = record;
  return [...owners].flatMap((owner) =>
    watches.of(owner).flatMap((watch) => (isAbout(watch, matter, roster) ? [watch.id] : [])),
  );
}

/** How a watch, or its owner, had been told. */
interface ToldBy {
  readonly alerts: readonly string[];
  readonly answer: string | undefined;
}

interface Corrected {
  readonly entry: string;
  readonly title: string;
  readonly reason: string;
  readonly fields: readonly string[];
  readonly was: object;
  /** Undefined: retracted. */
  readonly is: object | undefined;
}

function correction(
  watch: Watch,
  occasion: Occasion,
  { entry, title, reason, fields, was, is }: Corrected,
  { alerts, answer }: ToldBy,
): PlannedAlert {
  const what = is ? `was corrected (${fields.join(', ')})` : 'was retracted';
  const corrects = alerts.at(-1);
  return planned(watch, occasion, {
    type: 'correction-issued',
    subject: [],
    ...(corrects !== undefined && { corrects }),
    ...(answer !== undefined && { answer }),
    told: [entry],
    before: plain({ title, fields: shownFields(was, fields), alerts: alerts.slice(-20) }),
    after: plain({ reason, fields: is ? shownFields(is, fields) : null, retracted: is === undefined }),
    text: `You had been told of “${title}”: it ${what}. ${reason}`,
  });
}
