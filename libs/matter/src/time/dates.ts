import {
  type CivilDate,
  count,
  countsFromPublication,
  dayOf,
  endOfDay,
  instantOf,
  isCivilDate,
  type Moment,
  momentOf,
  startOfDay,
} from '#libs/calendar';
import type { Basis, ContingentBasis, CountedBasis, Inclusive, Trigger } from '../record/basis.ts';
import type { Entry } from '../record/entry.ts';
import type { Act } from '../record/legal-order.ts';
import { issued, officialPublication } from './issue.ts';
import type { Prepared } from './prepared.ts';
import type { When } from './when.ts';

const none: readonly never[] = [];

/** Works out dates as they stood for someone asking at `horizon`: a trigger counts only once its act is at or before it. */
export class Dates {
  readonly #prepared: Prepared;
  readonly #horizon: Moment;
  readonly #resolved = new Map<Basis, When>();

  constructor(prepared: Prepared, horizon: Moment) {
    this.#prepared = prepared;
    this.#horizon = horizon;
  }

  /** The date of an effect; without a basis, its act (MODEL §2, binding day). */
  of(basis: Basis | undefined, act: Act): When {
    return basis === undefined ? ofAct(act) : this.resolve(basis);
  }

  resolve(basis: Basis): When {
    const known = this.#resolved.get(basis);
    if (known) return known;
    const when = this.#work(basis);
    this.#resolved.set(basis, when);
    return when;
  }

  #work(basis: Basis): When {
    if (typeof basis === 'string') return this.#fixed(basis, 'unstated');
    if ('period' in basis) return this.#counted(basis);
    if ('contingent' in basis) return this.#contingent(basis);
    if ('earliest' in basis)
      return pick(
        basis.earliest.map((each) => this.resolve(each)),
        basis.inclusive,
        'earliest',
      );
    if ('latest' in basis)
      return pick(
        basis.latest.map((each) => this.resolve(each)),
        basis.inclusive,
        'latest',
      );
    return this.#fixed(basis.date ?? basis.instant ?? '', basis.inclusive ?? 'unstated');
  }

  #fixed(text: string, inclusive: Inclusive): When {
    const day = isCivilDate(text);
    const moment = day ? startOfDay(text) : momentOf(text, this.#prepared.matter.timeZone);
    const date = day ? text : dayOf(moment);
    return {
      moment,
      date,
      ...(day ? {} : { instant: text }),
      inclusive,
      estimated: false,
      deps: none,
      trace: [
        { step: 'The source names the date', gives: text, authority: 'fixed dates are neither counted nor rolled' },
      ],
      warnings: none,
    };
  }

  #counted(basis: CountedBasis): When {
    const inclusive = basis.inclusive ?? 'unstated';
    const direction = basis.after === undefined ? 'before' : 'after';
    const trigger = this.#trigger(basis.after ?? basis.before ?? '', basis);
    if (typeof trigger === 'string') return unknown(trigger, inclusive);
    const counted = count({
      rule: basis.rule,
      period: basis.period,
      direction,
      trigger: trigger.text,
      timeZone: this.#prepared.matter.timeZone,
      ...(basis.calendar === undefined ? {} : { calendar: basis.calendar }),
    });
    const moment =
      counted.instant === undefined
        ? startOfDay(counted.due)
        : momentOf(counted.instant, this.#prepared.matter.timeZone);
    return {
      moment,
      date: counted.due,
      ...(counted.instant === undefined ? {} : { instant: counted.instant }),
      inclusive,
      estimated: counted.estimated,
      deps: trigger.deps,
      trace: trigger.trace.length === 0 ? counted.trace : [...trigger.trace, ...counted.trace],
      warnings: counted.warnings,
    };
  }

  /** The trigger's date or instant, or in words what it waits for. */
  #trigger(
    trigger: Trigger,
    basis: CountedBasis,
  ): string | { text: string; deps: readonly Entry[]; trace: When['trace'] } {
    if (typeof trigger === 'string') return { text: trigger, deps: none, trace: none };
    const hours = basis.period.includes('T');
    if ('entry' in trigger) {
      const act = this.#prepared.byId.get(trigger.entry);
      if (!act || act.moment > this.#horizon) return `the act ${trigger.entry}`;
      return triggered(act, hours ? this.#hour(act) : act.entry.occurredOn, 'the day of the act');
    }
    const acts = (this.#prepared.byInstrument.get(trigger.instrument) ?? none).filter(
      (act) => act.moment <= this.#horizon,
    );
    const published = acts.find((act) => act.entry.type === 'LawPublished');
    if (countsFromPublication(basis.rule)) {
      if (published) return triggered(published, published.entry.occurredOn, 'the day of publication');
      const act = issued(acts);
      const day = act && officialPublication(act.entry);
      if (!act || day === undefined) return `publication of ${trigger.instrument}`;
      return triggered(act, day, 'the day of official publication');
    }
    const act = issued(acts);
    if (!act) return `enactment or issue of ${trigger.instrument}`;
    return triggered(act, hours ? this.#hour(act) : act.entry.occurredOn, 'the day of enactment or issue');
  }

  #hour(act: Act): string {
    return act.entry.occurredAt ?? instantOf(act.moment, this.#prepared.matter.timeZone);
  }

  #contingent(basis: ContingentBasis): When {
    const inclusive = basis.inclusive ?? 'unstated';
    const latest = basis.latest === undefined ? undefined : this.#fixed(basis.latest, inclusive);
    const first =
      basis.condition === undefined
        ? undefined
        : this.#prepared.satisfied.get(basis.condition)?.find((it) => it.act.moment <= this.#horizon);
    // Once the long-stop has fired it stands, whatever satisfies the condition afterwards.
    if (first && !(latest && endOfDay(latest.date ?? '') < first.act.moment)) {
      const on = this.of(first.effect.on, first.act);
      const met = latest?.moment != null && on.moment !== null && latest.moment < on.moment ? latest : on;
      return {
        ...met,
        inclusive,
        deps: [...met.deps, first.act.entry],
        trace: [
          { step: basis.contingent, gives: met.date ?? 'unknown', authority: `satisfied by ${first.act.entry.id}` },
        ],
      };
    }
    const waiting = unknown(basis.contingent, inclusive, basis.estimate, basis.latest);
    if (!latest) return waiting;
    if ((latest.moment ?? 0) <= this.#horizon) {
      const trace = [{ step: 'The long-stop date fires', gives: basis.latest ?? '', authority: basis.contingent }];
      return { ...latest, trace };
    }
    return { ...waiting, moment: latest.moment, date: latest.date };
  }
}

function ofAct(act: Act): When {
  return {
    moment: act.moment,
    date: act.entry.occurredOn,
    ...(act.entry.occurredAt === undefined ? {} : { instant: act.entry.occurredAt }),
    inclusive: 'unstated',
    estimated: false,
    deps: none,
    trace: [{ step: 'The day of the act', gives: act.entry.occurredOn, authority: act.entry.title }],
    warnings: none,
  };
}

function triggered(
  act: Act,
  text: string,
  step: string,
): { text: string; deps: readonly Entry[]; trace: When['trace'] } {
  return { text, deps: [act.entry], trace: [{ step: `Trigger: ${step}`, gives: text, authority: act.entry.title }] };
}

function unknown(contingent: string, inclusive: Inclusive, estimate?: CivilDate, latest?: CivilDate): When {
  return {
    moment: null,
    date: null,
    inclusive,
    estimated: false,
    contingent,
    ...(estimate === undefined ? {} : { estimate }),
    ...(latest === undefined ? {} : { latest }),
    deps: none,
    trace: [{ step: 'Unknown until it happens', gives: 'unknown', authority: contingent }],
    warnings: none,
  };
}

/** First or last of several. An unknown one cannot be the first as far as is known, and makes the last unknown. */
function pick(whens: readonly When[], inclusive: Inclusive | undefined, which: 'earliest' | 'latest'): When {
  const open = whens.find((when) => when.moment === null);
  if (which === 'latest' && open) return inclusive === undefined ? open : { ...open, inclusive };
  const known = whens.filter((when) => when.moment !== null);
  const sorted = known.toSorted((a, b) => (a.moment ?? 0) - (b.moment ?? 0));
  const chosen = which === 'earliest' ? sorted[0] : sorted.at(-1);
  if (!chosen) return whens[0] ?? unknown('no date is given', inclusive ?? 'unstated');
  return {
    ...chosen,
    inclusive: inclusive ?? chosen.inclusive,
    deps: whens.flatMap((when) => when.deps),
    warnings: whens.flatMap((when) => when.warnings),
    trace: [
      ...whens.flatMap((when) => when.trace),
      {
        step: `The ${which} of ${whens.length} dates`,
        gives: chosen.date ?? '',
        authority: 'as the source combines them',
      },
    ],
  };
}
