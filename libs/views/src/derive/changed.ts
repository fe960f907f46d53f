import { type Entry, type EntryState, type MatterLogged, mergePatch } from '#libs/matter';

/** An entry that is no longer what its event says. */
export interface Changed {
  /** Of the event that recorded it. */
  readonly position: bigint;
  /** As believed; a correction can leave what is no entry. */
  readonly entry: Entry;
  readonly state: EntryState;
  /** Revision of the last event that changed it. */
  readonly by: number;
}

/** The corrected and retracted entries of a matter. */
export function changedIn(events: readonly MatterLogged[]): readonly Changed[] {
  if (!events.some(({ type }) => type === 'EntryCorrected' || type === 'EntryRetracted')) return [];
  const entries = new Map<string, Changed>();
  const changed = new Map<bigint, Changed>();
  for (const event of events) {
    const { position, revision: by } = event;
    if (event.type === 'EntryCorrected' || event.type === 'EntryRetracted') {
      const before = entries.get(event.data.entry);
      if (!before) continue;
      const after = event.type === 'EntryRetracted' ? retracted(before) : corrected(before, event.data.changes);
      entries.set(event.data.entry, { ...after, by });
      changed.set(before.position, { ...after, by });
    } else if ('occurredOn' in event.data) {
      entries.set(event.data.id, { position, entry: event.data, state: 'current', by });
    }
  }
  return [...changed.values()];
}

function retracted(before: Changed): Changed {
  return { ...before, state: 'retracted' };
}

function corrected(before: Changed, changes: object): Changed {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever it is now, it is what is believed
  const entry = mergePatch(before.entry, changes) as Entry;
  return { ...before, entry, state: before.state === 'retracted' ? 'retracted' : 'corrected' };
}
