import type { Effect } from '../record/effect.ts';
import type { Entry } from '../record/entry.ts';
import { actMoment } from '../record/legal-order.ts';
import type { World } from './world.ts';

/** Something whose outcome depends on which of two acts came first, for those parties and enforcers. */
interface Touch {
  readonly what: string;
  readonly parties?: readonly string[] | undefined;
  readonly enforcers?: readonly string[] | undefined;
}

/**
 * The entry of the same day that touches the same thing with nothing to order the two (MODEL §1). Acts on one axis for
 * different parties or enforcers do not meet.
 */
export function ambiguousWith(entry: Entry, world: World): { other: Entry; what: string } | undefined {
  const sameTime = [...world.entries.values()].filter(
    (other) =>
      other.id !== entry.id &&
      other.occurredOn === entry.occurredOn &&
      (other.order ?? 0) === (entry.order ?? 0) &&
      actMoment(other, world.matter.timeZone) === actMoment(entry, world.matter.timeZone),
  );
  if (sameTime.length === 0) return undefined;
  const mine = entry.effects.flatMap((effect) => touches(effect, world));
  for (const other of sameTime) {
    for (const theirs of other.effects.flatMap((effect) => touches(effect, world))) {
      const met = mine.find(
        (touch) =>
          touch.what === theirs.what &&
          world.roster.overlap(touch.parties, theirs.parties) &&
          world.roster.overlap(touch.enforcers, theirs.enforcers),
      );
      if (met) return { other, what: met.what };
    }
  }
  return undefined;
}

function touches(effect: Effect, world: World): readonly Touch[] {
  switch (effect.kind) {
    case 'establishes':
      return ['force', 'applicability'].map((axis) => ({ what: `the ${axis} of ${effect.provision}` }));
    case 'commences':
    case 'postpones': {
      const enforcers = effect.axis === 'enforcement' ? effect.enforcers : undefined;
      return [{ what: `the ${effect.axis} of ${effect.provision}`, parties: effect.for, enforcers }];
    }
    case 'determines':
      return [{ what: `the applicability of ${effect.provision}`, parties: [effect.party] }];
    case 'restrains':
    case 'varies':
      return [{ what: `the restraint ${effect.restraint}` }];
    case 'extends':
    case 'lifts':
    case 'reinstates':
      if (effect.restraint !== undefined) return [{ what: `the restraint ${effect.restraint}` }];
      if (effect.kind === 'extends') return [{ what: `the force of ${effect.provision}` }];
      return [{ what: `the ending ${effect.ending}` }];
    case 'ends': {
      const ending = effect.ending === undefined ? [] : [{ what: `the ending ${effect.ending}` }];
      const ended = [...world.provisions].filter(([id, { entry }]) =>
        effect.provision === undefined ? entry.instrument?.id === effect.instrument : id === effect.provision,
      );
      return [...ending, ...ended.map(([id]) => ({ what: `the force of ${id}`, parties: effect.for }))];
    }
    case 'satisfies':
      return [{ what: `the condition ${effect.condition}` }];
    case 'sets-deadline':
    case 'moves-deadline':
    case 'closes-deadline':
      return [{ what: `the deadline ${effect.deadline}` }];
    case 'replaces':
      return [{ what: `the instrument ${effect.instrument}` }];
    case 'releases':
    case 'contests':
      return [];
  }
}
