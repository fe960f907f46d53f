import { type Entry, entryTypes } from '../record/entry.ts';
import { made, makes, namedParties, references, type Thing } from '../record/references.ts';
import { exceeds } from './authority.ts';
import { ambiguousWith } from './order.ts';
import { Refusal, type Rule } from './refusal.ts';
import { officeOf, type World } from './world.ts';

/** More than this in one entry is refused (CONTRACT, Access). */
export const MOST = 200;

const unknown: Readonly<Record<Thing, Rule>> = {
  provision: 'unknown-provision',
  restraint: 'unknown-restraint',
  ending: 'unknown-ending',
  deadline: 'unknown-deadline',
  instrument: 'unknown-instrument',
  entry: 'unknown-entry',
};

const exists = {
  provision: 'provision-exists',
  restraint: 'restraint-exists',
  ending: 'ending-exists',
  deadline: 'deadline-exists',
} as const satisfies Partial<Record<Thing, Rule>>;

/**
 * Every guard an entry must pass. `world` holds the live entries with this one among them, so that an entry may refer
 * to what it makes itself.
 * @throws Refusal naming the first guard that does not hold.
 */
export function check(entry: Entry, world: World): void {
  for (const [what, list] of [
    ['effects', entry.effects],
    ['sources', entry.sources],
  ] as const) {
    if (list.length > MOST) {
      throw new Refusal('too-many', `An entry may carry at most ${MOST} ${what}; this one has ${list.length}.`, {
        pointer: `/${what}`,
      });
    }
  }
  const office = officeOf(entry, world.roster, world.matter);
  const may: readonly string[] = entryTypes[entry.type];
  if (!may.includes(office.kind)) {
    throw new Refusal(
      'authority-exceeded',
      `An act of the type ${entry.type} comes from ${may.join(' or ')}, not from ${office.kind}.`,
      {
        pointer: '/author/kind',
      },
    );
  }
  checkParties(entry, world);
  checkReferences(entry, world);
  checkNew(entry, world);
  checkCircles(entry, world);
  entry.effects.forEach((effect, index) => {
    const reason = exceeds(office, entry, effect, world);
    if (reason !== undefined) {
      const detail = `${office.name} cannot carry ${effect.kind} in ${/^[AEIOU]/.test(entry.type) ? 'an' : 'a'} ${entry.type}: ${reason}.`;
      throw new Refusal('authority-exceeded', `${detail} The claim can still be recorded without effects.`, {
        pointer: `/effects/${index}`,
      });
    }
  });
  const ambiguous = ambiguousWith(entry, world);
  if (ambiguous) {
    const detail = `${ambiguous.other.id} touches ${ambiguous.what} on the same day; give one of the two an occurredAt or an order.`;
    throw new Refusal('ambiguous-order', detail, { pointer: '/order', entries: [ambiguous.other.id] });
  }
}

function checkParties(entry: Entry, { roster }: World): void {
  const named = entry.effects.flatMap((effect, index) =>
    namedParties(effect).map(({ id, pointer }) => ({ id, pointer: `/effects/${index}${pointer}` })),
  );
  if (entry.author.party !== undefined) named.unshift({ id: entry.author.party, pointer: '/author/party' });
  for (const { id, pointer } of named) {
    if (!roster.has(id)) throw new Refusal('unknown-party', `The matter has no party ${id}.`, { pointer });
  }
}

function checkReferences(entry: Entry, world: World): void {
  const things: Readonly<Record<Thing, ReadonlyMap<string, unknown>>> = {
    provision: world.provisions,
    restraint: world.restraints,
    ending: world.endings,
    deadline: world.deadlines,
    instrument: world.instruments,
    entry: world.entries,
  };
  entry.effects.forEach((effect, index) => {
    for (const { anyOf, id, pointer } of references(effect)) {
      if (anyOf.some((thing) => things[thing].has(id))) continue;
      const rule = unknown[anyOf[0] ?? 'entry'];
      throw new Refusal(rule, `Nothing in the record makes the ${anyOf.join(' or ')} ${id}.`, {
        pointer: `/effects/${index}${pointer}`,
      });
    }
  });
}

function checkNew(entry: Entry, world: World): void {
  const own = new Set<string>();
  entry.effects.forEach((effect, index) => {
    const it = made(effect);
    if (!it) return;
    const key = `${it.thing} ${it.id}`;
    const others = [...world.entries.values()].find((other) => other.id !== entry.id && makes(other, it.thing, it.id));
    if (others || own.has(key)) {
      const rule = exists[it.thing];
      throw new Refusal(rule, `The ${key} was made by ${others?.id ?? 'this entry'} already.`, {
        pointer: `/effects/${index}/${it.thing}`,
        entries: others ? [others.id] : [],
      });
    }
    own.add(key);
  });
}

function checkCircles(entry: Entry, world: World): void {
  entry.effects.forEach((effect, index) => {
    if (effect.kind !== 'restrains' || !effect.of) return;
    const seen = new Set<string>();
    const queue = [...effect.of];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (id === effect.restraint) {
        throw new Refusal('circular-restraint', `${effect.restraint} would restrain itself.`, {
          pointer: `/effects/${index}/of`,
        });
      }
      if (seen.has(id)) continue;
      seen.add(id);
      queue.push(...(world.restraints.get(id)?.effect.of ?? []));
    }
  });
}
