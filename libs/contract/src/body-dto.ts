import {
  type Author,
  authorKinds,
  type Correction,
  type Entry,
  entryTypes,
  evidences,
  type Instrument,
  type Matter,
  outcomes,
  type Party,
  type Retraction,
  type Source,
} from '#libs/matter';
import { effectSlot } from './effect-dto.ts';
import { changes, ids, tags, vote } from './collection-rules.ts';
import { choice, date, flag, instant, integer, jurisdiction, moment, slug, text, timeZone, webUrl } from './rules.ts';
import { about, Dto, type Fields, optional, shape } from './shape.ts';
import { list, nested, one, oneOf } from './slot.ts';

/** An entry as it arrives: its id may be left to the recorder. */
export type EntryBody = Omit<Entry, 'id'> & { readonly id?: string };
export type CorrectionBody = Omit<Correction, 'entry'>;
export type RetractionBody = Omit<Retraction, 'entry'>;

export interface WhatIf {
  readonly entries: readonly EntryBody[];
  readonly at?: string;
  readonly party?: string;
  readonly enforcer?: string;
}

export interface Dataset {
  readonly $schema?: string;
  readonly matter: Matter;
  readonly entries: readonly EntryBody[];
}

export class PartyDto extends Dto {}
export class MatterDto extends Dto {}
export class AuthorDto extends Dto {}
export class InstrumentDto extends Dto {}
export class SourceDto extends Dto {}
/** Every type of entry but `BillFailed`, which alone has an outcome. */
export class PlainEntryDto extends Dto {}
export class BillFailedDto extends Dto {}
export class CorrectionDto extends Dto {}
export class RetractionDto extends Dto {}
export class WhatIfDto extends Dto {}
export class DatasetDto extends Dto {}

const plainTypes = Object.keys(entryTypes).filter((type) => type !== 'BillFailed');

export const entrySlot = oneOf(
  'Entry',
  'type',
  { ...Object.fromEntries(plainTypes.map((type) => [type, PlainEntryDto])), BillFailed: BillFailedDto },
  {
    MatterOpened: 'has its own call: POST /v1/matters',
    PartyAdded: 'has its own call: POST /v1/matters/{id}/parties',
    EntryCorrected: 'has its own call: POST /v1/matters/{id}/entries/{entryId}/corrections',
    EntryRetracted: 'has its own call: POST /v1/matters/{id}/entries/{entryId}/retraction',
  },
);
export const partySlot = one(PartyDto);
export const matterSlot = one(MatterDto);
export const correctionSlot = one(CorrectionDto);
export const retractionSlot = one(RetractionDto);
export const whatIfSlot = one(WhatIfDto);
export const datasetSlot = one(DatasetDto);

const sources = (least: number) => about('Where this can be read.', list(one(SourceDto), { least }));
const reason = about('Why, in words.', text(2000));

shape<Party>(PartyDto, 'A party, a class of parties, or an enforcer.', {
  id: slug(),
  name: text(200),
  kind: about('class and enforcer have a meaning; any other word is the recorder’s own.', optional(slug())),
  memberOf: about('The classes it belongs to.', optional(ids())),
  jurisdiction: about('Where an enforcer’s authority holds. Default: the matter’s.', optional(jurisdiction())),
  independent: about('Beyond the executive’s direction. Default: false.', optional(flag())),
});

shape<Matter>(MatterDto, 'A matter: one regulatory saga.', {
  id: slug(),
  title: text(500),
  jurisdiction: jurisdiction(),
  timeZone: about('The time zone in which its days begin.', timeZone()),
  description: optional(text(20_000)),
  tags: optional(tags()),
  parties: list(partySlot, { distinct: 'id' }),
});

shape<Author>(AuthorDto, 'Whose act it is.', {
  kind: about('Default: the first that may carry the type of entry.', optional(choice(authorKinds))),
  name: text(200),
  party: about('Default: the party of that name.', optional(slug())),
  jurisdiction: about('Where its authority holds. Default: the matter’s.', optional(jurisdiction())),
});

shape<Instrument>(InstrumentDto, 'The bill, law, rule, order or decision.', {
  id: slug(),
  kind: optional(text(100)),
  title: optional(text(500)),
  citation: optional(text(500)),
  bindsOn: about(
    'publication: adopted, but not law before it is published.',
    optional(choice(['adoption', 'publication'])),
  ),
});

shape<Source>(SourceDto, 'Where an act can be read.', {
  title: text(500),
  publisher: text(200),
  url: optional(webUrl()),
  publishedOn: optional(date()),
  evidence: choice(evidences),
});

const entryFields: Omit<Fields<EntryBody>, 'type' | 'outcome'> = {
  id: about('Left out: one is made.', optional(slug())),
  occurredOn: about('The day of the act.', date()),
  occurredAt: about('When the hour matters.', optional(instant())),
  order: about('Order among acts of one day. Default: 0.', optional(integer(-1_000_000, 1_000_000))),
  title: text(500),
  summary: optional(text(20_000)),
  author: nested(one(AuthorDto)),
  instrument: optional(nested(one(InstrumentDto))),
  vote: optional(vote()),
  sources: sources(1),
  effects: about('What the act changes in law; may be empty.', list(effectSlot)),
};

shape<Omit<EntryBody, 'outcome'>>(PlainEntryDto, 'One recorded act.', { type: choice(plainTypes), ...entryFields });
shape<EntryBody>(BillFailedDto, 'A bill that came to nothing.', {
  type: choice(['BillFailed']),
  ...entryFields,
  outcome: optional(choice(outcomes)),
});

shape<CorrectionBody>(CorrectionDto, 'Corrects an entry; the original stays in the record.', {
  reason,
  changes: about('A merge patch (RFC 7386): arrays are replaced whole, null removes. Not of id or type.', changes()),
  sources: optional(sources(0)),
});

shape<RetractionBody>(RetractionDto, 'Takes an entry back; the original stays in the record.', {
  reason,
  sources: optional(sources(0)),
  allowOrphans: about('Even if other entries refer to what it made.', optional(flag())),
});

shape<WhatIf>(WhatIfDto, 'Entries to interpret on top of the record, without recording them.', {
  entries: list(entrySlot),
  at: optional(moment()),
  party: optional(slug()),
  enforcer: optional(slug()),
});

shape<Dataset>(DatasetDto, 'A matter with its entries, in one file.', {
  $schema: optional(text(2000)),
  matter: nested(matterSlot),
  entries: list(entrySlot),
});
