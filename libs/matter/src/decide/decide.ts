import type { Entry, Matter, Party } from '../record/entry.ts';
import type { Correction, MatterEvent, Retraction } from '../record/events.ts';
import { patched } from '../record/merge-patch.ts';
import { liveEntries, type MatterRecord } from '../record/record.ts';
import { references, makes } from '../record/references.ts';
import { Roster } from '../record/roster.ts';
import { Picture } from '../picture/picture.ts';
import { FOREVER, prepare } from '../time/prepared.ts';
import { check } from './check.ts';
import { Refusal } from './refusal.ts';
import { sameContent } from './same-content.ts';
import { type World, worldOf } from './world.ts';

/** What somebody wants to put on record. Shapes are valid already; an entry has its id. */
export type Command =
  | { readonly kind: 'open-matter'; readonly matter: Matter }
  | { readonly kind: 'add-party'; readonly party: Party }
  | { readonly kind: 'record-entry'; readonly entry: Entry }
  | { readonly kind: 'correct-entry'; readonly correction: Correction }
  | { readonly kind: 'retract-entry'; readonly retraction: Retraction };

/** Either events to append, or the event that said the very same before: doing it twice does nothing. */
export type Decision =
  | { readonly kind: 'append'; readonly events: readonly MatterEvent[]; readonly warnings: readonly string[] }
  | { readonly kind: 'repeat'; readonly eventId: string };

/**
 * Decides a command against the record as believed now (undefined: the matter is not open). Pure.
 * @throws Refusal when a guard does not hold; the record stays as it is.
 */
export function decide(record: MatterRecord | undefined, command: Command): Decision {
  if (command.kind === 'open-matter') return openMatter(record, command.matter);
  if (!record) throw new Error('Only open-matter is decided without a record.');
  switch (command.kind) {
    case 'add-party':
      return addParty(record, command.party);
    case 'record-entry':
      return recordEntry(record, command.entry);
    case 'correct-entry':
      return correctEntry(record, command.correction);
    case 'retract-entry':
      return retractEntry(record, command.retraction);
  }
}

function openMatter(record: MatterRecord | undefined, matter: Matter): Decision {
  if (record) {
    if (sameContent(record.opened.matter, matter)) return { kind: 'repeat', eventId: record.opened.eventId };
    throw new Refusal('already-open', `The matter ${matter.id} is open with other content.`);
  }
  const roster = new Roster(matter.parties);
  matter.parties.forEach((party, index) => checkClasses(party, roster, `/parties/${index}`));
  return { kind: 'append', events: [{ type: 'MatterOpened', data: matter }], warnings: [] };
}

function addParty(record: MatterRecord, party: Party): Decision {
  const added = record.added.get(party.id);
  if (added && sameContent(added.party, party)) return { kind: 'repeat', eventId: added.eventId };
  const opening = record.opened.matter.parties.find(({ id }) => id === party.id);
  if (opening && sameContent(opening, party)) return { kind: 'repeat', eventId: record.opened.eventId };
  if (added || opening) throw new Refusal('entry-differs', `The party ${party.id} is on record with other content.`);
  const parties = [...record.matter.parties, party];
  checkClasses(party, new Roster(parties));
  const live = liveEntries(record);
  // Of an entry that stands, only a class that grew or an author that became a party may change what its guards see.
  if (party.memberOf?.length || live.some(({ author }) => author.name === party.name)) {
    checkStill(live, worldOf(record.matter, live), worldOf({ ...record.matter, parties }, live));
  }
  return { kind: 'append', events: [{ type: 'PartyAdded', data: party }], warnings: [] };
}

/** `within`: where the party stands in what was sent. */
function checkClasses({ id, memberOf = [] }: Party, roster: Roster, within = ''): void {
  memberOf.forEach((above, place) => {
    const pointer = `${within}/memberOf/${place}`;
    if (!roster.has(above)) throw new Refusal('unknown-party', `The matter has no party ${above}.`, { pointer });
    if (roster.above(above).has(id)) {
      throw new Refusal('circular-class', `${id} would be a member of itself.`, { pointer });
    }
  });
}

function recordEntry(record: MatterRecord, entry: Entry): Decision {
  const known = record.entries.get(entry.id);
  if (known) {
    if (known.state === 'retracted') {
      throw new Refusal('entry-retracted', `The entry ${entry.id} was retracted: ${known.retraction?.reason ?? ''}`);
    }
    if (sameContent(known.original, entry)) return { kind: 'repeat', eventId: known.eventId };
    throw new Refusal('entry-differs', `The entry ${entry.id} is on record with other content; correct it instead.`);
  }
  const live = [...liveEntries(record), entry];
  check(entry, worldOf(record.matter, live));
  // An act on an instrument that others act upon may change whose instrument it is.
  if (entry.instrument && record.entries.size > 0) checkOthers(record, entry, live, entry.instrument.id);
  return {
    kind: 'append',
    events: [{ type: entry.type, data: entry }],
    warnings: warningsOf(record.matter, live, entry),
  };
}

function correctEntry(record: MatterRecord, correction: Correction): Decision {
  const known = record.entries.get(correction.entry);
  if (!known) throw new Refusal('unknown-entry', `The record has no entry ${correction.entry}.`);
  if (known.state === 'retracted') throw new Refusal('entry-retracted', `The entry ${correction.entry} was retracted.`);
  const corrected = patched(known.entry, correction.changes);
  if (corrected.id !== known.entry.id || corrected.type !== known.entry.type) {
    throw new Refusal('entry-differs', 'A correction may not change the id or the type of an entry.');
  }
  const live = liveEntries(record).map((entry) => (entry.id === corrected.id ? corrected : entry));
  const after = worldOf(record.matter, live);
  check(corrected, after);
  const lost = restingOn(known.entry, live);
  if (lost.length > 0) {
    throw new Refusal('still-referenced', 'Other entries refer to what this correction would remove.', {
      entries: lost,
    });
  }
  checkOthers(record, known.entry, live);
  const warnings = warningsOf(record.matter, live, corrected);
  return { kind: 'append', events: [{ type: 'EntryCorrected', data: correction }], warnings };
}

/** No correction reaches what the guards would refuse: the entries that rest on the corrected one must still hold. */
function checkOthers(record: MatterRecord, changed: Entry, live: readonly Entry[], instrument?: string): void {
  const concerned = live.filter((other) => other.id !== changed.id && (!instrument || actsOn(other, instrument)));
  if (concerned.length === 0) return;
  checkStill(concerned, worldOf(record.matter, liveEntries(record)), worldOf(record.matter, live));
}

/** Entries that stood before must stand after: a new member of a class, too, may bring in what they may not reach. */
function checkStill(entries: readonly Entry[], before: World, after: World): void {
  for (const entry of entries) {
    const refusal = refusalOf(entry, after);
    if (refusal && !refusalOf(entry, before)) {
      throw new Refusal(refusal.rule, `${entry.id} could then not stand: ${refusal.message}`, { entries: [entry.id] });
    }
  }
}

function actsOn(entry: Entry, instrument: string): boolean {
  return entry.effects.some((effect) =>
    references(effect).some(({ anyOf, id }) => anyOf.includes('instrument') && id === instrument),
  );
}

function refusalOf(entry: Entry, world: World): Refusal | undefined {
  try {
    check(entry, world);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The live entries that refer to something `entry` made and nobody in `live` makes (any more). */
function restingOn(entry: Entry, live: readonly Entry[]): readonly string[] {
  return live
    .filter(
      (other) =>
        other.id !== entry.id &&
        other.effects.some((effect) =>
          references(effect).some(
            ({ anyOf, id }) =>
              anyOf.some((thing) => makes(entry, thing, id)) &&
              !live.some((maker) => anyOf.some((thing) => makes(maker, thing, id))),
          ),
        ),
    )
    .map(({ id }) => id);
}

function retractEntry(record: MatterRecord, retraction: Retraction): Decision {
  const known = record.entries.get(retraction.entry);
  if (!known) throw new Refusal('unknown-entry', `The record has no entry ${retraction.entry}.`);
  if (known.state === 'retracted') throw new Refusal('entry-retracted', `${retraction.entry} is retracted already.`);
  const rest = liveEntries(record).filter(({ id }) => id !== retraction.entry);
  const orphans = restingOn(known.entry, rest);
  if (orphans.length > 0 && retraction.allowOrphans !== true) {
    const detail = `Other entries refer to what ${retraction.entry} made: ${orphans.join(', ')}. Retract or correct them first, or say allowOrphans.`;
    throw new Refusal('still-referenced', detail, { entries: orphans });
  }
  const warnings = orphans.map((id) => `${id}: effects that refer to ${retraction.entry} now do nothing.`);
  return { kind: 'append', events: [{ type: 'EntryRetracted', data: retraction }], warnings };
}

/** What an entry does in vain, or not for certain. */
function warningsOf(matter: Matter, live: readonly Entry[], entry: Entry): readonly string[] {
  const picture = new Picture(prepare(matter, live), FOREVER);
  return [...new Set(picture.warnings)].filter((warning) => warning.startsWith(`${entry.id}: `));
}
