import { parsePeriod } from '#libs/calendar';
import type { Basis, Effect } from '#libs/matter';
import { counted, spoken } from './words.ts';

/** What an effect does, in as few words as tell it apart. */
export function effectWords(effect: Effect): string {
  switch (effect.kind) {
    case 'establishes':
      return `establishes ${effect.provision} (${effect.norm})`;
    case 'commences':
    case 'postpones':
      return `${effect.kind} ${effect.axis} of ${effect.provision} to ${dateWords(effect.to)}`;
    case 'determines':
      return `${effect.party}: ${effect.provision} ${spoken(effect.applicability)}`;
    case 'restrains':
      return `${spoken(effect.form)} on ${(effect.provisions ?? effect.of ?? []).join(', ')}${until(effect.until)}`;
    case 'varies':
      return `varies ${effect.restraint}`;
    case 'extends':
      return `extends ${effect.restraint ?? effect.provision ?? ''}${until(effect.until)}`;
    case 'lifts':
    case 'reinstates':
      return `${effect.kind} ${effect.restraint ?? effect.ending ?? ''}${effect.how === undefined ? '' : ` (${spoken(effect.how)})`}`;
    case 'ends':
      return `ends ${effect.provision ?? effect.instrument ?? ''} (${effect.how})`;
    case 'releases':
      return `liability ${effect.state} under ${effect.provisions.join(', ')} for conduct from ${effect.conductFrom}`;
    case 'satisfies':
      return `satisfies ${effect.condition}`;
    case 'contests':
      return `contests ${effect.provision ?? effect.restraint ?? ''}`;
    case 'sets-deadline':
      return `sets ${effect.deadline}: ${dateWords(effect.basis)}`;
    case 'moves-deadline':
      return `moves ${effect.deadline} to ${dateWords(effect.basis)}`;
    case 'closes-deadline':
      return `closes ${effect.deadline} (${effect.how})`;
    case 'replaces':
      return `${effect.by} replaces ${effect.instrument}`;
  }
}

function until(basis: Basis | undefined): string {
  return basis === undefined ? '' : ` until ${dateWords(basis)}`;
}

/** A date as its act states it; what it comes to is in the deadlines. */
export function dateWords(basis: Basis): string {
  if (typeof basis === 'string') return basis;
  if ('contingent' in basis) return basis.contingent;
  if ('earliest' in basis) return `the first of ${basis.earliest.map(dateWords).join(' and ')}`;
  if ('latest' in basis) return `the last of ${basis.latest.map(dateWords).join(' and ')}`;
  if ('period' in basis)
    return `${periodWords(basis.period)} ${basis.after === undefined ? 'before' : 'after'} ${triggerWords(basis.after ?? basis.before)}`;
  return basis.date ?? basis.instant ?? '';
}

function triggerWords(
  trigger: string | { readonly entry: string } | { readonly instrument: string } | undefined,
): string {
  if (trigger === undefined || typeof trigger === 'string') return trigger ?? '';
  return 'entry' in trigger ? trigger.entry : trigger.instrument;
}

/** `P90D` as `90 days`. */
function periodWords(text: string): string {
  const period = parsePeriod(text);
  if (!period) return text;
  const { years, months, weeks, days, hours, minutes } = period;
  const parts = Object.entries({ year: years, month: months, week: weeks, day: days, hour: hours, minute: minutes });
  return parts.flatMap(([unit, count]) => (count > 0 ? [counted(count, unit)] : [])).join(' ');
}
