import { epochMs } from '#libs/calendar';
import type { MatterLogged } from '#libs/matter';
import type { Watch } from '../watch.ts';
import type { WatchList } from '../watches/watch-list.ts';
import type { MatterState } from './matter-state.ts';
import { type Occasion, planned, type PlannedAlert } from './planned.ts';

/** What an event of a matter is an occasion for, once it is taken in. */
export function occasionOf(event: MatterLogged, { id, record }: MatterState, rungsThrough: number): Occasion {
  const recorded = { matter: id, key: event.id, at: epochMs(event.recordedAt), rungsThrough };
  if (event.type === 'MatterOpened' || event.type === 'PartyAdded') return { ...recorded, entry: null, by: undefined };
  const corrects = event.type === 'EntryCorrected' || event.type === 'EntryRetracted';
  const entry = corrects ? event.data.entry : event.data.id;
  const title = record?.entries.get(entry)?.entry.title;
  return { ...recorded, entry, by: title === undefined ? undefined : `${deed(event)}“${title}”` };
}

/** What is taken back did not do what its being taken back does. */
function deed({ type }: MatterLogged): string {
  if (type === 'EntryCorrected') return 'the correction of ';
  return type === 'EntryRetracted' ? 'the retraction of ' : '';
}

/** What the clock brings. */
export function turnOf({ id }: MatterState, at: number): Occasion {
  return { matter: id, key: new Date(at).toISOString(), at, rungsThrough: at - 1, entry: null, by: undefined };
}

/** Whom to tell that a watch is disabled: over its own channel it cannot be; its owner may have another one. */
export function toTell(watch: Watch, watches: WatchList): readonly Watch[] {
  const { owner, channelKind: kind } = watch;
  const others = watches.of(owner).filter((each) => each.state === 'active' && each.channelKind !== kind);
  return [watch, ...others];
}

/** The service says of itself that it stopped: what one watch is told of another, or of itself. */
export function disabled(
  watch: Watch,
  told: Watch,
  { key, at }: { readonly key: string; readonly at: number },
): PlannedAlert {
  const occasion = { matter: '', key, at, rungsThrough: at, entry: null, by: undefined };
  const after = { watch: watch.id, state: watch.state, reason: watch.reason };
  const why = (watch.reason ?? '').replace(/\.$/, '');
  const text = `The watch “${watch.name}” is disabled: ${why}. Nothing more is sent until it is enabled again.`;
  return { ...planned(told, occasion, { type: 'watch-disabled', subject: [], after, text }), matter: null };
}
