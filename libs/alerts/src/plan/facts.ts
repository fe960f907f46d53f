import type { Json } from '#libs/event-log';
import type { Change, Deadline } from '#libs/matter';
import type { Watch } from '../watch.ts';
import { concerns } from './concerns.ts';
import { plain, shownDeadline, shownStatus } from './content.ts';
import { type DeadlineFact, deadlineFacts } from './deadline-facts.ts';
import { boundTo, wants } from './interest.ts';
import type { Ladder } from './ladder.ts';
import { type Occasion, planned, type PlannedAlert } from './planned.ts';
import { reminder } from './reminders.ts';
import { missedRung, pendingRungs } from './rungs.ts';
import { type Snapshot, statusChanges } from './snapshot.ts';
import { closedWords, movedWords, partyNames, setWords, statusWords } from './words.ts';

/** What changed in a matter between two moments, told to one watch after the other. */
export class Facts {
  readonly #occasion: Occasion;
  readonly #before: Snapshot;
  readonly #after: Snapshot;
  readonly #ladder: Ladder;
  readonly #deadlines: readonly DeadlineFact[];
  readonly #changes: readonly Change[];
  readonly #shown = new Map<DeadlineFact, Json>();

  constructor(occasion: Occasion, before: Snapshot, after: Snapshot, ladder: Ladder) {
    this.#occasion = occasion;
    this.#before = before;
    this.#after = after;
    this.#ladder = ladder;
    this.#deadlines = deadlineFacts(before, after);
    this.#changes = statusChanges(before, after);
  }

  /** In the order in which they are to be read. */
  for(watch: Watch): readonly PlannedAlert[] {
    const parties = boundTo(watch, this.#after.roster);
    const alerts: PlannedAlert[] = [];
    if (wants(watch, 'status-changed')) alerts.push(...this.#status(watch, parties));
    for (const fact of this.#deadlines) {
      if (this.#concerns(fact, parties)) alerts.push(...this.#deadline(watch, fact));
    }
    return alerts;
  }

  #concerns({ type, before, after }: DeadlineFact, parties: readonly string[] | undefined): boolean {
    // Whom a restraint held is known from before it ended, or from after it began.
    const known = type === 'deadline-set' ? this.#after : this.#before;
    return concerns(after, parties, known) || (before !== undefined && concerns(before, parties, this.#before));
  }

  #deadline(watch: Watch, fact: DeadlineFact): readonly PlannedAlert[] {
    const { type, before, after } = fact;
    const { by, rungsThrough } = this.#occasion;
    const open = before !== undefined && this.#before.isOpen(before);
    const cancelled = type !== 'deadline-set' && open ? pendingRungs(this.#ladder, watch, before, rungsThrough) : [];
    const alerts: PlannedAlert[] = [];
    if (wants(watch, type)) {
      const text =
        type === 'deadline-set'
          ? setWords(fact, this.#after.today)
          : type === 'deadline-moved'
            ? movedWords(fact, cancelled, by)
            : closedWords(fact, cancelled, by);
      alerts.push(
        planned(watch, this.#occasion, {
          type,
          subject: [after.id],
          told: this.#told(after),
          before: before ? plain({ due: before.due, state: before.state, cancelled }) : null,
          after: type === 'deadline-closed' ? closedAs(fact) : plain({ due: after.due, state: after.state }),
          deadline: this.#show(fact),
          text,
        }),
      );
    }
    const missed =
      type !== 'deadline-closed' && this.#after.isOpen(after)
        ? missedRung(this.#ladder, watch, after, -Infinity, rungsThrough)
        : undefined;
    const caught = missed === undefined ? undefined : reminder(watch, missed, after, this.#after);
    return caught ? [...alerts, caught] : alerts;
  }

  #told({ closedBy, movedBy, history }: Deadline): readonly string[] {
    const { entry } = this.#occasion;
    const told = [entry, closedBy, movedBy, history.at(-1)?.entry].filter(
      (each) => each !== undefined && each !== null,
    );
    return [...new Set(told)];
  }

  #show(fact: DeadlineFact): Json {
    const shown = this.#shown.get(fact) ?? shownDeadline(fact.after);
    this.#shown.set(fact, shown);
    return shown;
  }

  #status(watch: Watch, parties: readonly string[] | undefined): readonly PlannedAlert[] {
    const { roster, matter } = this.#after;
    const changes = parties
      ? this.#changes.filter((change) => parties.some((id) => this.#touches(change, id)))
      : this.#changes;
    if (changes.length === 0 || !matter) return [];
    const [before, after] = [this.#before.headlineOf(parties), this.#after.headlineOf(parties)];
    const about = parties ? `${matter.title}, ${partyNames(roster, parties)}` : matter.title;
    const { entry, by } = this.#occasion;
    const told = new Set([...(entry === null ? [] : [entry]), ...changes.flatMap(({ because }) => because)]);
    return [
      planned(watch, this.#occasion, {
        type: 'status-changed',
        subject: [],
        told: [...told],
        before: shownStatus(before, changes, 'before'),
        after: shownStatus(after, changes, 'after'),
        text: statusWords(about, [before, after], changes, by, this.#titled),
      }),
    ];
  }

  readonly #titled = (provision: string): string => {
    const rows = [...this.#after.status.provisions, ...this.#before.status.provisions];
    return rows.find((row) => row.provision === provision)?.title ?? provision;
  };

  #touches({ parties, enforcer }: Change, id: string): boolean {
    const { roster } = this.#after;
    return (
      parties.some((party) => roster.above(party).has(id)) || (enforcer !== null && roster.above(enforcer).has(id))
    );
  }
}

function closedAs({ after, how }: Extract<DeadlineFact, { type: 'deadline-closed' }>): Json {
  const { late, closedBy, closedOn, state } = after;
  return plain({ how, state, late, by: closedBy, on: closedOn });
}
