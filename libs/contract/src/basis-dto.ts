import type {
  ContingentBasis,
  CountedBasis,
  EarliestBasis,
  FixedBasis,
  Inclusive,
  LatestBasis,
  Trigger,
} from '#libs/matter';
import { choice, date, holidayCalendar, instant, momentSchema, period, rulePack, slug, text } from './rules.ts';
import { about, Dto, optional, shape } from './shape.ts';
import { byField, list, nested } from './slot.ts';
import { isMoment, momentWords } from './values.ts';

export class FixedBasisDto extends Dto {}
export class CountedBasisDto extends Dto {}
export class EarliestBasisDto extends Dto {}
export class LatestBasisDto extends Dto {}
export class ContingentBasisDto extends Dto {}
export class EntryTriggerDto extends Dto {}
export class InstrumentTriggerDto extends Dto {}

const inclusions = ['yes', 'no', 'unstated'] as const satisfies readonly Inclusive[];
const inclusive = about(
  'Whether an until date is itself part of the period. Absent or unstated: yes.',
  optional(choice(inclusions)),
);

export const triggerSlot = byField(
  {
    name: 'Trigger',
    about: 'What a period is counted from: a day, an instant, the act of an entry, or an instrument.',
    plain: momentSchema,
  },
  isMoment,
  [
    ['entry', EntryTriggerDto],
    ['instrument', InstrumentTriggerDto],
  ],
  `${momentWords}, or { entry } or { instrument }`,
);

export const basisSlot = byField(
  {
    name: 'Basis',
    about:
      'How a date is known: a day or instant, a period counted from something, the first or last of several, or a condition.',
    plain: momentSchema,
    deepest: 8,
  },
  isMoment,
  [
    ['date', FixedBasisDto],
    ['instant', FixedBasisDto],
    ['period', CountedBasisDto],
    ['earliest', EarliestBasisDto],
    // Before `latest`, which a contingent date may have as its long-stop.
    ['contingent', ContingentBasisDto],
    ['latest', LatestBasisDto],
  ],
  `${momentWords}, or an object with date, instant, period, earliest, latest or contingent`,
);

export const basis = (words: string) => about(words, nested(basisSlot));

shape<Extract<Trigger, { entry: string }>>(EntryTriggerDto, 'The act of an entry.', { entry: slug() });
shape<Extract<Trigger, { instrument: string }>>(
  InstrumentTriggerDto,
  'The enactment or issue of an instrument, or its publication for rule packs that count from it.',
  { instrument: slug() },
);

shape<FixedBasis>(
  FixedBasisDto,
  'A known day or instant.',
  { date: optional(date()), instant: optional(instant()), inclusive },
  { exactlyOne: ['date', 'instant'] },
);

shape<CountedBasis>(
  CountedBasisDto,
  'A period counted on from, or back from, a trigger, by the named rule pack.',
  {
    period: period(),
    after: optional(nested(triggerSlot)),
    before: optional(nested(triggerSlot)),
    rule: about('The rule pack that counts; never inferred from the date.', rulePack()),
    calendar: about('Whose holidays, where the rule pack leaves the choice.', optional(holidayCalendar())),
    inclusive,
  },
  { exactlyOne: ['after', 'before'] },
);

shape<EarliestBasis>(EarliestBasisDto, 'The first of several dates.', {
  earliest: list(basisSlot, { least: 1 }),
  inclusive,
});

shape<LatestBasis>(LatestBasisDto, 'The last of several dates.', { latest: list(basisSlot, { least: 1 }), inclusive });

shape<ContingentBasis>(ContingentBasisDto, 'Unknown until an effect satisfies the condition.', {
  contingent: about('What it waits for, in words.', text(500)),
  condition: about('The condition that an effect may satisfy.', optional(slug())),
  estimate: about('Shown, never relied on.', optional(date())),
  latest: about('A long-stop that fires by the clock.', optional(date())),
  inclusive,
});
