import { addDays, type CivilDate } from '#libs/calendar';
import type { Deadline, Due } from '#libs/matter';
import type { Snapshot } from './snapshot.ts';

/** What the end of a pause brings if nothing happens. */
export interface Ending {
  /** The first day after it. */
  readonly from: CivilDate;
  /** What nobody may enforce now, and somebody may then. */
  readonly enforceable: readonly {
    readonly provision: string;
    readonly title: string;
    readonly enforcer: string;
    readonly parties: readonly string[];
  }[];
}

const known = new WeakMap<Snapshot, Map<string, Ending>>();

/** Worked out once for all watches. */
export function endingOf(deadline: Deadline, now: Snapshot): Ending | undefined {
  if (!deadline.due) return undefined;
  const endings = known.get(now) ?? new Map<string, Ending>();
  known.set(now, endings);
  const ending = endings.get(deadline.id) ?? workedOut(deadline, deadline.due, now);
  endings.set(deadline.id, ending);
  return ending;
}

/** Asks again on the day after, of the same entries: other bars may still stand then. */
function workedOut(deadline: Deadline, due: Due, now: Snapshot): Ending {
  const from = due.inclusive === 'no' || due.instant !== undefined ? due.date : addDays(due.date, 1);
  const then = now.statusOn(from);
  const held = new Set(now.heldBy(restraintOf(deadline)).map(({ provision }) => provision));
  const free = enforceableIn(now.status);
  const enforceable = then.provisions
    .filter(({ provision }) => held.has(provision))
    .flatMap(({ provision, title, parties, enforcement }) =>
      enforcement
        .filter(({ state }) => state === 'active')
        .map(({ enforcer }) => ({
          provision,
          title,
          enforcer,
          parties: parties.filter((party) => !free.has(`${provision} ${enforcer} ${party}`)),
        }))
        .filter((each) => each.parties.length > 0),
    );
  return { from, enforceable };
}

/** `<restraint>.until` (MODEL §6). */
export function restraintOf({ id }: Deadline): string {
  return id.slice(0, -'.until'.length);
}

function enforceableIn({ provisions }: Snapshot['status']): ReadonlySet<string> {
  const free = new Set<string>();
  for (const { provision, parties, enforcement } of provisions) {
    for (const { enforcer, state } of enforcement) {
      if (state === 'active') for (const party of parties) free.add(`${provision} ${enforcer} ${party}`);
    }
  }
  return free;
}
