import { interpret, type Matter, type StatusQuery } from '#libs/matter';
import { UnknownParty } from './errors.ts';
import type { StatusAnswer } from './answers.ts';
import type { View } from './view.ts';

export interface Who {
  readonly party?: string;
  readonly enforcer?: string;
}

/** The parties asked about, if the matter has them. `within`: where they stand in a body; absent: in the query. */
export function whoOf(matter: Matter, { party, enforcer }: Who, within?: string): Who {
  const who = { ...(party !== undefined && { party }), ...(enforcer !== undefined && { enforcer }) };
  for (const [name, id] of Object.entries(who)) {
    if (matter.parties.some((known) => known.id === id)) continue;
    throw new UnknownParty(id, within === undefined ? { parameter: name } : { pointer: `${within}/${name}` });
  }
  return who;
}

export function statusAnswer({ file, clocks, belief, position }: View, who: Who): StatusAnswer {
  const query: StatusQuery = { at: clocks.at, ...who };
  return {
    matter: file.id,
    party: who.party ?? null,
    enforcer: who.enforcer ?? null,
    clocks,
    ...interpret(belief.matter, belief.entries, query),
    position,
  };
}
