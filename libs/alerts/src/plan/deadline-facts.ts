import type { Deadline, DeadlineState } from '#libs/matter';
import type { Snapshot } from './snapshot.ts';

/** How a deadline ended, in the words of the model. */
export type Closed = Extract<
  DeadlineState,
  'met' | 'withdrawn' | 'vacated' | 'moot' | 'superseded' | 'lapsed' | 'reached'
>;

/** What became of one deadline between two moments. */
export type DeadlineFact =
  | { readonly type: 'deadline-set'; readonly before: Deadline | undefined; readonly after: Deadline }
  | { readonly type: 'deadline-moved'; readonly before: Deadline; readonly after: Deadline }
  | {
      readonly type: 'deadline-closed';
      readonly before: Deadline;
      readonly after: Deadline;
      readonly how: Closed;
      /** Nothing that is believed makes it any more. */
      readonly gone: boolean;
    };

/** Closed by an act; nothing the clock does changes that. */
const ended: ReadonlySet<DeadlineState> = new Set(['met', 'withdrawn', 'vacated', 'moot', 'superseded']);

/** The facts about deadlines between two moments, in the order of their ids. */
export function deadlineFacts(before: Snapshot, after: Snapshot): readonly DeadlineFact[] {
  const ids = new Set([...before.deadlines.keys(), ...after.deadlines.keys()]);
  return [...ids].toSorted().flatMap((id) => {
    const fact = factOf(id, before, after);
    return fact ? [fact] : [];
  });
}

function factOf(id: string, before: Snapshot, after: Snapshot): DeadlineFact | undefined {
  const [was, is] = [before.deadlines.get(id), after.deadlines.get(id)];
  const wasOpen = was !== undefined && before.isOpen(was);
  if (!is) return wasOpen ? closing(was, { ...was, state: 'withdrawn' }, 'withdrawn', true) : undefined;
  const open = after.isOpen(is);
  if (!was) return open || isNews(is) ? { type: 'deadline-set', before: was, after: is } : undefined;
  if (ended.has(is.state)) return closed(was, is);
  const redated = dueKey(was) !== dueKey(is);
  if (ended.has(was.state)) return open ? { type: 'deadline-set', before: was, after: is } : undefined;
  if (redated && was.due === null) return open ? { type: 'deadline-set', before: was, after: is } : closed(was, is);
  if (redated) return { type: 'deadline-moved', before: was, after: is };
  return wasOpen && !open ? closed(was, is) : undefined;
}

/** It became known after it had passed: who was to act must hear of it; what merely started is told by the status. */
function isNews({ state, kind }: Deadline): boolean {
  return state === 'lapsed' || (state === 'reached' && kind !== 'effective' && kind !== 'applicability');
}

function closed(before: Deadline, after: Deadline): DeadlineFact | undefined {
  if (before.state === after.state && before.state !== 'reached') return undefined;
  return closing(before, after, asClosed(after.state), false);
}

function closing(before: Deadline, after: Deadline, how: Closed, gone: boolean): DeadlineFact {
  return { type: 'deadline-closed', before, after, how, gone };
}

function asClosed(state: DeadlineState): Closed {
  switch (state) {
    case 'met':
    case 'withdrawn':
    case 'vacated':
    case 'moot':
    case 'superseded':
    case 'lapsed':
    case 'reached':
      return state;
    case 'waiting':
    case 'estimated':
    case 'extended':
    case 'scheduled':
      throw new Error(`A deadline that is ${state} is not closed.`);
  }
}

function dueKey({ due }: Deadline): string {
  return due ? (due.instant ?? due.date) : '';
}
