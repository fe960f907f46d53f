import type { Effect, Restrains } from '../record/effect.ts';
import type { Entry, EntryType } from '../record/entry.ts';
import { madeBy, type Target, targets } from './targets.ts';
import { type Office, sameOffice, type World } from './world.ts';

type Kind = Effect['kind'];

/**
 * Who may do what (MODEL §4). Returns the rule that an effect breaks, in plain words, or undefined when its author has
 * the power. References are known to resolve.
 */
export function exceeds(office: Office, entry: Entry, effect: Effect, world: World): string | undefined {
  if (office.kind === 'press' || entry.type === 'ReportPublished')
    return 'a report is evidence only and carries no effects';
  if (office.kind === 'private') return byPrivate(effect);
  if (entry.type === 'CaseFiled') {
    return effect.kind === 'contests' ? undefined : 'a filing only asks; it may carry nothing but contests';
  }
  if (proposal(entry.type)) {
    if (includes(['establishes', 'sets-deadline', 'replaces'], effect.kind)) return undefined;
    return `a proposal moves nothing that is law; it may not carry ${effect.kind}`;
  }
  switch (office.kind) {
    case 'legislature':
      return outside(office, effect, world);
    case 'court':
      return byCourt(office, effect, world);
    case 'executive':
      return entry.type === 'NoticeIssued' ? byNotice(office, effect, world) : byExecutive(office, effect, world);
    case 'agency':
      if (entry.type === 'NoticeIssued') return byNotice(office, effect, world);
      if (entry.type === 'RuleIssued') return byRule(office, effect, world);
      return `an agency's ${entry.type} may not carry ${effect.kind}`;
  }
}

function proposal(type: EntryType): boolean {
  return type.startsWith('Bill') || type === 'RuleProposed';
}

function byPrivate(effect: Effect): string | undefined {
  if (effect.kind === 'satisfies' || effect.kind === 'contests') return undefined;
  if (effect.kind === 'closes-deadline' && effect.how === 'met') return undefined;
  return 'a private party may only meet a deadline, satisfy a condition or contest';
}

function byCourt(office: Office, effect: Effect, world: World): string | undefined {
  switch (effect.kind) {
    case 'restrains':
      if (effect.form === 'forbearance') return 'a court orders; it does not forbear';
      break;
    case 'extends':
      if (effect.provision !== undefined) return 'a court may extend a restraint, not a sunset';
      break;
    case 'ends':
      if (!includes(['vacated', 'invalid', 'lapsed'], effect.how)) {
        return `a court vacates, holds invalid or finds lapsed; it does not end as ${effect.how}`;
      }
      break;
    case 'establishes': {
      const named = effect.addressees?.every((id) => world.roster.get(id)?.kind !== 'class' && single(world, id));
      if (!named) return 'a court may establish only what addresses named parties, never a class';
      break;
    }
    case 'commences':
    case 'postpones':
    case 'replaces':
    case 'contests':
      return `a court may not carry ${effect.kind}`;
    case 'varies':
    case 'lifts':
    case 'reinstates':
    case 'determines':
    case 'releases':
    case 'satisfies':
    case 'sets-deadline':
    case 'moves-deadline':
    case 'closes-deadline':
      break;
  }
  return outside(office, effect, world);
}

function single(world: World, id: string): boolean {
  const leaves = world.roster.leaves(id);
  return leaves.length === 1 && leaves[0] === id;
}

function byExecutive(office: Office, effect: Effect, world: World): string | undefined {
  if (isForbearance(effect)) return forbears(office, effect, world);
  if (touchesRestraint(effect)) return ofRestraint(office, effect, world);
  if (effect.kind === 'ends') {
    const agencys = ({ by }: Target): boolean =>
      by.kind === 'agency' &&
      by.jurisdiction === office.jurisdiction &&
      world.roster.get(by.party ?? '')?.independent !== true;
    const other = targets(effect, world).find((target) => !sameOffice(target.by, office) && !agencys(target));
    return other && `an executive may end its own acts and those of agencies it directs; ${madeBy(other)}`;
  }
  return ownOrUnder(office, effect, world, ['establishes', 'commences', 'postpones', 'determines', ...deadlines]);
}

function byRule(office: Office, effect: Effect, world: World): string | undefined {
  if (isForbearance(effect)) return forbears(office, effect, world);
  if (touchesRestraint(effect)) return ofRestraint(office, effect, world);
  const under: readonly Kind[] = [
    'establishes',
    'commences',
    'postpones',
    'extends',
    'ends',
    'determines',
    ...deadlines,
  ];
  return ownOrUnder(office, effect, world, under);
}

const deadlines: readonly Kind[] = ['sets-deadline', 'moves-deadline', 'closes-deadline'];

function byNotice(office: Office, effect: Effect, world: World): string | undefined {
  switch (effect.kind) {
    case 'restrains':
      return isForbearance(effect) ? forbears(office, effect, world) : 'a notice may only forbear';
    case 'extends':
    case 'varies':
    case 'lifts':
      if (touchesRestraint(effect) && world.restraints.get(effect.restraint ?? '')?.effect.form === 'forbearance') {
        return ofRestraint(office, effect, world);
      }
      return 'a notice may extend, vary or lift a forbearance, nothing else';
    case 'moves-deadline':
      if (typeof effect.basis === 'object' && 'contingent' in effect.basis && effect.basis.estimate !== undefined) {
        return undefined;
      }
      return ownOrUnder(office, effect, world, deadlines);
    case 'postpones':
    case 'sets-deadline':
    case 'closes-deadline':
      return ownOrUnder(office, effect, world, ['postpones', ...deadlines]);
    default:
      return `a notice may not carry ${effect.kind}`;
  }
}

function touchesRestraint(
  effect: Effect,
): effect is Extract<Effect, { kind: 'varies' | 'extends' | 'lifts' | 'reinstates' }> {
  return (
    includes(['varies', 'extends', 'lifts', 'reinstates'], effect.kind) &&
    'restraint' in effect &&
    effect.restraint !== undefined
  );
}

/** A restraint belongs to its author and to the enforcer that a forbearance binds (courts and legislatures aside). */
function ofRestraint(
  office: Office,
  effect: Extract<Effect, { kind: 'varies' | 'extends' | 'lifts' | 'reinstates' }>,
  world: World,
): string | undefined {
  const restraint = world.restraints.get(effect.restraint ?? '');
  if (!restraint) return undefined;
  const { form, enforcers } = restraint.effect;
  const bound = enforcers ?? [restraint.by.party ?? ''];
  const binds = form === 'forbearance' && office.party !== undefined && world.roster.covers(bound, office.party);
  if (!sameOffice(restraint.by, office) && !binds) {
    return `${effect.kind} belongs to the restraint's author, the enforcer that a forbearance binds, a court or a legislature; ${madeBy({ what: effect.restraint ?? '', by: restraint.by })}`;
  }
  if (effect.kind !== 'varies') return undefined;
  if (form === 'forbearance') return promises(office, effect.enforcers, world);
  // What it widens to must be its own, as if it had restrained it in the first place.
  const other = targets(effect, world).find(({ by }) => !sameOffice(by, office));
  return other && `an ${office.kind} may restrain its own acts; ${madeBy(other)}`;
}

function isForbearance(effect: Effect): effect is Restrains {
  return effect.kind === 'restrains' && effect.form === 'forbearance';
}

/** A promise not to act: it reaches enforcers, never what a court or anybody else has ordered. */
function forbears(office: Office, effect: Restrains, world: World): string | undefined {
  const ordered = effect.of && targets(effect, world).find(({ by }) => !sameOffice(by, office));
  return ordered
    ? `a forbearance cannot undo what others did; ${madeBy(ordered)}`
    : promises(office, effect.enforcers, world);
}

/** An agency binds itself; an executive binds the enforcers of its jurisdiction that are not independent. */
function promises(office: Office, enforcers: readonly string[] | undefined, world: World): string | undefined {
  const { roster, matter } = world;
  for (const id of (enforcers ?? []).flatMap((each) => [each, ...roster.leaves(each)])) {
    if (id === office.party) continue;
    if (office.kind === 'agency') return `a forbearance by an agency binds itself alone, not ${id}`;
    const enforcer = roster.get(id);
    if (enforcer?.independent) return `${id} is independent: an executive cannot promise for it`;
    const jurisdiction = enforcer?.jurisdiction ?? matter.jurisdiction;
    if (jurisdiction !== office.jurisdiction) {
      return `${id} enforces in ${jurisdiction}; an executive of ${office.jurisdiction} cannot promise for it`;
    }
  }
  return undefined;
}

/** On its own acts everything; on those of others only the listed kinds, under a delegating provision or instrument. */
function ownOrUnder(office: Office, effect: Effect, world: World, under: readonly Kind[]): string | undefined {
  const other = targets(effect, world).find(({ by }) => !sameOffice(by, office));
  if (effect.kind === 'satisfies' || !other) return undefined;
  const delegated = 'under' in effect && effect.under !== undefined && includes(under, effect.kind);
  if (!delegated) {
    const how = includes(under, effect.kind) ? ', or under a provision or instrument that delegates it' : '';
    return `an ${office.kind} may carry ${effect.kind} on its own acts${how}; ${madeBy(other)}`;
  }
  return outside(office, effect, world);
}

/** Authority holds inside the author's jurisdiction (MODEL §4). */
function outside(office: Office, effect: Effect, world: World): string | undefined {
  const lifted: readonly Kind[] = ['commences', 'postpones', 'establishes', 'determines'];
  if (includes(lifted, effect.kind) && 'under' in effect && effect.under !== undefined) return undefined;
  const wide = office.kind === 'legislature' || office.kind === 'court';
  const beyond = targets(effect, world).find(
    ({ by }) =>
      by.jurisdiction !== office.jurisdiction && !(wide && by.jurisdiction.startsWith(`${office.jurisdiction}-`)),
  );
  return (
    beyond &&
    `authority of ${office.jurisdiction} does not reach ${beyond.what}, which is law of ${beyond.by.jurisdiction}`
  );
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes(value);
}
