import { dayNumber, epochMs } from '#libs/calendar';
import type { RecordedEvent } from '#libs/event-log';
import { type Entry, MATTER_STREAMS, type MatterLogged, type MatterRecord, readMatterEvent } from '#libs/matter';
import { answeredBy } from '../answers/answer-given.ts';
import { raisedBy } from '../raise/alert-event.ts';
import type { Watch } from '../watch.ts';
import { WatchList, type WatchTurn } from '../watches/watch-list.ts';
import type { Covered } from './covered.ts';
import { correctionsOf, entryOf } from './corrections.ts';
import { Facts } from './facts.ts';
import { disabled, occasionOf, toTell, turnOf } from './occasions.ts';
import { Interest, isAbout } from './interest.ts';
import { Ladder, type Rung } from './ladder.ts';
import { MatterState } from './matter-state.ts';
import type { Occasion, PlannedAlert } from './planned.ts';
import { missedReminders, remindersOf } from './reminders.ts';
import { missedBy, type Rest } from './rungs.ts';
import type { Snapshot } from './snapshot.ts';
import { TurnQueue } from './turn-queue.ts';

export interface EngineOptions {
  /** Told of what cannot be planned for; the rest goes on. */
  readonly report?: (message: string) => void;
}

/**
 * What is to be told, and when: a pure function of the log and the clock. Fed the events in log order, each at its
 * `recordedAt`; between two of them, and up to now, the clock runs. Fed the same, it gives the same, wherever it began.
 */
export class AlertEngine {
  readonly watches = new WatchList();
  readonly #report: (message: string) => void;
  readonly #matters = new Map<string, MatterState>();
  readonly #interest = new Interest();
  readonly #ladder = new Ladder();
  readonly #turns = new TurnQueue();
  /** Of watches that are paused or disabled. */
  readonly #resting = new Map<string, Rest>();
  /** Corrections that a resting watch is owed: what it was told stays wrong until it hears of them. */
  readonly #owed = new Map<string, PlannedAlert[]>();
  #clock = -Infinity;
  #covered: Covered | undefined;

  constructor({ report = () => {} }: EngineOptions = {}) {
    this.#report = report;
  }

  /** To be called before anything is taken in: nothing is planned for what came before. */
  resumeFrom(covered: Covered): void {
    this.#covered = covered;
  }

  /** What falls due up to an event, and by it. */
  take(event: RecordedEvent): readonly PlannedAlert[] {
    if (this.#covered && event.position <= this.#covered.position) {
      this.#clock = Math.max(this.#clock, epochMs(event.recordedAt));
      this.#event(event);
      return [];
    }
    const due = this.advance(epochMs(event.recordedAt));
    return [...due, ...this.#event(event)];
  }

  /** What falls due by the clock until then, that moment included; in order of time. */
  advance(to: number): readonly PlannedAlert[] {
    this.#resume();
    const due: PlannedAlert[] = [];
    for (let at = this.#next; at <= to; at = this.#next) {
      this.#clock = Math.max(this.#clock, at);
      this.#ladder.pass(at - 1);
      // What passes at that moment is over before anybody is reminded of it.
      due.push(...(this.#turns.next <= at ? this.#flip() : this.#ladder.climb().flatMap((rung) => this.#rung(rung))));
    }
    this.#clock = Math.max(this.#clock, to);
    this.#ladder.pass(this.#clock);
    return due;
  }

  /** Epoch ms of the next moment at which the clock alone may bring something; null: there is none. Never too late. */
  nextWake(): number | null {
    return this.#next === Infinity ? null : this.#next;
  }

  /** The matters that are known by now. */
  *matters(): Generator<MatterRecord, void> {
    for (const { record } of this.#matters.values()) if (record) yield record;
  }

  get #next(): number {
    return Math.min(this.#turns.next, this.#ladder.next);
  }

  /** From where it was covered: what is open then, and when it next turns, follows from the record and the clock. */
  #resume(): void {
    if (!this.#covered) return;
    this.#clock = Math.max(this.#clock, this.#covered.at);
    this.#covered = undefined;
    this.#ladder.pass(this.#clock);
    for (const state of this.#matters.values()) {
      if (state.listeners(this.#interest).length > 0) this.#safely(state, () => this.#track(state));
    }
  }

  /** One record that cannot be interpreted must not keep the others from being told. */
  #safely<Result>(state: MatterState, work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.#report(`Nothing is told of ${state.id} just now: ${String(error)}`);
      return undefined;
    }
  }

  #event(event: RecordedEvent): readonly PlannedAlert[] {
    try {
      if (event.stream.startsWith(MATTER_STREAMS)) return this.#matter(event);
      const raised = raisedBy(event);
      if (raised?.matter) this.#remember(this.#stateOf(raised.matter), [raised]);
      const answered = answeredBy(event);
      if (answered) this.#stateOf(answered.matter).answer(answered);
      const turn = this.watches.take(event);
      return turn ? this.#watch(event, turn) : [];
    } catch (error) {
      this.#report(`Nothing is told of event ${event.id} (${event.type}) of ${event.stream}: ${String(error)}`);
      return [];
    }
  }

  #stateOf(id: string): MatterState {
    const state = this.#matters.get(id) ?? new MatterState(id);
    this.#matters.set(id, state);
    return state;
  }

  #matter(event: RecordedEvent): readonly PlannedAlert[] {
    const state = this.#stateOf(event.stream.slice(MATTER_STREAMS.length));
    const logged = readMatterEvent(event);
    const before = state.at(this.#clock);
    const was = entryOf(logged, state);
    state.take(logged);
    const corrections = this.#corrections(state, logged, was);
    if (this.#covered) return [];
    const alerts = [...corrections, ...this.#facts(state, occasionOf(logged, state, this.#clock), before)];
    if (state.tracked || state.listeners(this.#interest).length > 0) this.#track(state);
    return this.#remember(state, alerts);
  }

  #facts(state: MatterState, occasion: Occasion, before: Snapshot): readonly PlannedAlert[] {
    const listeners = state.listeners(this.#interest);
    if (listeners.length === 0) return [];
    const found = new Facts(occasion, before, state.at(this.#clock), this.#ladder);
    return listeners.flatMap((watch) => found.for(watch));
  }

  /** A watch that rests is owed its corrections. */
  #corrections(state: MatterState, event: MatterLogged, was: Entry | undefined): readonly PlannedAlert[] {
    const occasion = occasionOf(event, state, this.#clock);
    const alerts: PlannedAlert[] = [];
    for (const { watch, alert } of correctionsOf(state, event, was, occasion, this.watches)) {
      if (watch.state === 'active') alerts.push(alert);
      else this.#owed.set(watch.id, [...(this.#owed.get(watch.id) ?? []), alert]);
    }
    return alerts;
  }

  #watch({ id: eventId, type }: RecordedEvent, { before, after }: WatchTurn): readonly PlannedAlert[] {
    if (before?.state === 'active') {
      this.#interest.remove(before);
      this.#ladder.remove(before);
    }
    if (after.state !== 'active') {
      if (after.state === 'removed') this.#owed.delete(after.id);
      else if (!this.#resting.has(after.id))
        this.#resting.set(after.id, { since: this.#clock, watch: before ?? after });
      if (type !== 'WatchDisabled') return [];
      return toTell(after, this.watches).map((told) => disabled(after, told, { key: eventId, at: this.#clock }));
    }
    this.#interest.add(after);
    this.#ladder.add(after);
    const rested = this.#resting.get(after.id);
    this.#resting.delete(after.id);
    const alerts: PlannedAlert[] = [];
    const missedOf = missedBy({ before, after }, rested, this.#ladder, this.#clock);
    for (const state of this.#covered ? [] : this.#about(after)) {
      this.#track(state, false);
      if (!missedOf || state.due.size === 0) continue;
      alerts.push(...this.#remember(state, missedReminders(state.at(this.#clock), after, state.due.keys(), missedOf)));
    }
    const owed = this.#owed.get(after.id) ?? [];
    this.#owed.delete(after.id);
    return [...owed.map((alert) => ({ ...alert, dueAt: new Date(this.#clock).toISOString() })), ...alerts];
  }

  #about(watch: Watch): readonly MatterState[] {
    const named = watch.filter.matters?.flatMap((id) => this.#matters.get(id) ?? []);
    return [...(named ?? this.#matters.values())].filter(
      ({ record }) => record !== undefined && isAbout(watch, record.matter, record.roster),
    );
  }

  /** Puts a matter's open deadlines on the ladder, and its next turn on the clock. */
  #track(state: MatterState, anew = true): void {
    if (state.tracked && !anew) return;
    state.tracked = true;
    const now = state.at(this.#clock);
    const due = new Map<string, number>();
    for (const deadline of now.deadlines.values()) {
      if (deadline.due && now.isOpen(deadline)) due.set(deadline.id, dayNumber(deadline.due.date));
    }
    for (const [id, day] of state.due) if (due.get(id) !== day) this.#ladder.drop(state.id, id, day);
    for (const [id, day] of due) if (state.due.get(id) !== day) this.#ladder.put(state.id, id, day);
    state.due = due;
    this.#turns.set(state.id, state.turnAfter(this.#clock));
  }

  /** What the clock brings to one matter, of which nothing new is known. */
  #flip(): readonly PlannedAlert[] {
    const at = this.#turns.next;
    const state = this.#matters.get(this.#turns.shift() ?? '');
    if (!state) return [];
    const told = this.#safely(state, () => {
      const alerts = this.#facts(state, turnOf(state, at), state.at(at - 1));
      this.#track(state);
      return this.#remember(state, alerts);
    });
    return told ?? [];
  }

  #rung({ lead, watches, due }: Rung): readonly PlannedAlert[] {
    return [...due].flatMap(([id, deadlines]) => {
      const state = this.#matters.get(id);
      const meant = state?.listeners(this.#interest).filter((watch) => watches.has(watch.id)) ?? [];
      if (!state || meant.length === 0) return [];
      const told = (): readonly PlannedAlert[] => remindersOf(state.at(this.#clock), meant, lead, deadlines);
      return this.#safely(state, () => this.#remember(state, told())) ?? [];
    });
  }

  #remember<Told extends Pick<PlannedAlert, 'id' | 'watch' | 'told'>>(
    state: MatterState,
    alerts: readonly Told[],
  ): readonly Told[] {
    for (const { id, watch, told } of alerts) for (const entry of told) state.told.add(entry, watch, id);
    return alerts;
  }
}
