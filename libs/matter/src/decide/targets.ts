import type { Effect } from '../record/effect.ts';
import type { Office, World } from './world.ts';

/** Something an effect acts upon, and who made it. */
export interface Target {
  readonly what: string;
  readonly by: Office;
}

/** What an effect acts upon, with who made each. What it makes, and what it only contests, is not acted upon. */
export function targets(effect: Effect, world: World): readonly Target[] {
  const found: Target[] = [];
  const add = (things: ReadonlyMap<string, { readonly by: Office }>, ids: readonly (string | undefined)[]): void => {
    for (const id of ids) {
      const by = id === undefined ? undefined : things.get(id)?.by;
      if (by && id !== undefined) found.push({ what: id, by });
    }
  };
  if (effect.kind === 'contests' || effect.kind === 'establishes') return found;
  if ('provision' in effect) add(world.provisions, [effect.provision]);
  if ('provisions' in effect) add(world.provisions, effect.provisions ?? []);
  if ('restraint' in effect && effect.kind !== 'restrains') add(world.restraints, [effect.restraint]);
  if ('ending' in effect && effect.kind !== 'ends') add(world.endings, [effect.ending]);
  if (effect.kind === 'restrains') {
    add(world.restraints, effect.of ?? []);
    add(world.endings, effect.of ?? []);
  }
  if (effect.kind === 'moves-deadline' || effect.kind === 'closes-deadline') add(world.deadlines, [effect.deadline]);
  if ('instrument' in effect) add(world.instruments, [effect.instrument]);
  if (effect.kind === 'ends' && effect.instrument !== undefined) {
    const its = [...world.provisions].filter(([, { entry }]) => entry.instrument?.id === effect.instrument);
    add(
      world.provisions,
      its.map(([id]) => id),
    );
  }
  return found;
}

export function madeBy({ what, by }: Target): string {
  return `${what} was made by ${by.name}`;
}
