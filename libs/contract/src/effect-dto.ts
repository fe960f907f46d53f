import {
  applicabilities,
  axes,
  closings,
  type ClosesDeadline,
  type Contests,
  deadlineKinds,
  type Determines,
  type Effect,
  endings,
  type Ends,
  type Establishes,
  type Extends,
  forms,
  type Liability,
  liabilities,
  type Lifts,
  liftings,
  type MovesDeadline,
  type MovesStart,
  norms,
  type Releases,
  type Replaces,
  type Restrains,
  type Satisfies,
  type SetsDeadline,
  type Varies,
} from '#libs/matter';
import { basis } from './basis-dto.ts';
import { ids, protects } from './collection-rules.ts';
import { choice, date, dateNotBefore, flag, period, slug, text } from './rules.ts';
import { about, Dto, type DtoClass, optional, shape } from './shape.ts';
import { nested, one, oneOf } from './slot.ts';

export class LiabilityDto extends Dto {}
export class EstablishesDto extends Dto {}
export class MovesStartDto extends Dto {}
export class DeterminesDto extends Dto {}
export class RestrainsDto extends Dto {}
export class VariesDto extends Dto {}
export class ExtendsDto extends Dto {}
export class LiftsDto extends Dto {}
export class EndsDto extends Dto {}
export class ReleasesDto extends Dto {}
export class SatisfiesDto extends Dto {}
export class ContestsDto extends Dto {}
export class SetsDeadlineDto extends Dto {}
export class MovesDeadlineDto extends Dto {}
export class ClosesDeadlineDto extends Dto {}
export class ReplacesDto extends Dto {}

const classes: Readonly<Record<Effect['kind'], DtoClass>> = {
  establishes: EstablishesDto,
  commences: MovesStartDto,
  postpones: MovesStartDto,
  determines: DeterminesDto,
  restrains: RestrainsDto,
  varies: VariesDto,
  extends: ExtendsDto,
  lifts: LiftsDto,
  reinstates: LiftsDto,
  ends: EndsDto,
  releases: ReleasesDto,
  satisfies: SatisfiesDto,
  contests: ContestsDto,
  'sets-deadline': SetsDeadlineDto,
  'moves-deadline': MovesDeadlineDto,
  'closes-deadline': ClosesDeadlineDto,
  replaces: ReplacesDto,
};

export const effectSlot = oneOf('Effect', 'kind', classes);

const under = about('The provision or instrument that delegates the power, or obliges to use it.', optional(slug()));
const enforcers = optional(ids());
const on = optional(basis('The day from which it binds. Default: the act.'));
const liability = optional(nested(one(LiabilityDto)));

shape<Liability>(LiabilityDto, 'What becomes of liability for conduct meanwhile.', {
  state: choice(liabilities),
  from: optional(date()),
});

shape<Establishes>(EstablishesDto, 'Makes a provision.', {
  kind: choice(['establishes']),
  provision: slug(),
  title: text(500),
  norm: choice(norms),
  addressees: about('Parties and classes. Default: everyone but the enforcers.', optional(ids())),
  enforcers,
  force: basis('When it enters into force.'),
  applies: optional(basis('When it applies. Default: with force, wherever that moves.')),
  until: optional(basis('Its sunset.')),
  limitation: about('How long conduct stays exposed.', optional(period())),
  principal: about('Whether it counts towards the headline. Default: true.', optional(flag())),
  under,
});

shape<MovesStart>(MovesStartDto, 'Moves the start of an axis.', {
  kind: choice(['commences', 'postpones']),
  provision: slug(),
  axis: choice(axes),
  to: basis('The new start.'),
  on,
  for: about('Only for these parties and classes.', optional(ids(1))),
  enforcers,
  under,
});

shape<Determines>(DeterminesDto, 'Says whether a provision applies to a party.', {
  kind: choice(['determines']),
  provision: slug(),
  party: slug(),
  applicability: choice(applicabilities),
  from: optional(basis('Default: the act.')),
  under,
});

shape<Restrains>(
  RestrainsDto,
  'A restraint on provisions, or on other restraints and endings.',
  {
    kind: choice(['restrains']),
    restraint: slug(),
    form: choice(forms),
    provisions: optional(ids(1)),
    of: about('Other restraints and endings that do nothing while this one lives.', optional(ids(1))),
    enforcers,
    protects: protects(),
    from: optional(basis('Default: the act.')),
    until: optional(basis('Its last day, unless inclusive says otherwise.')),
    liability,
  },
  { exactlyOne: ['provisions', 'of'] },
);

shape<Varies>(VariesDto, 'Changes the scope of a restraint from a day on.', {
  kind: choice(['varies']),
  restraint: slug(),
  on,
  protects: optional(protects()),
  provisions: optional(ids(1)),
  enforcers,
});

shape<Extends>(
  ExtendsDto,
  'Moves the end of a restraint, or the sunset of a provision.',
  {
    kind: choice(['extends']),
    restraint: optional(slug()),
    provision: optional(slug()),
    until: basis('The new end.'),
    under,
  },
  { exactlyOne: ['restraint', 'provision'] },
);

shape<Lifts>(
  LiftsDto,
  'Ends a restraint or an ending, or makes it live again.',
  {
    kind: choice(['lifts', 'reinstates']),
    restraint: optional(slug()),
    ending: optional(slug()),
    on,
    how: optional(choice(liftings)),
  },
  { exactlyOne: ['restraint', 'ending'] },
);

shape<Ends>(
  EndsDto,
  'Ends the force of a provision, or of all provisions of an instrument.',
  {
    kind: choice(['ends']),
    provision: optional(slug()),
    instrument: optional(slug()),
    ending: about('A name under which it can be lifted or restrained.', optional(slug())),
    how: choice(endings),
    on,
    for: about('Only for these parties and classes.', optional(ids(1))),
    liability,
    under,
  },
  { exactlyOne: ['provision', 'instrument'] },
);

shape<Releases>(ReleasesDto, 'Releases liability for conduct between two days.', {
  kind: choice(['releases']),
  provisions: ids(1),
  enforcers,
  protects: protects(),
  conductFrom: date(),
  conductTo: optional(dateNotBefore('conductFrom')),
  state: choice(['disclaimed', 'extinguished']),
});

shape<Satisfies>(SatisfiesDto, 'Dates everything that waits for a condition.', {
  kind: choice(['satisfies']),
  condition: slug(),
  on,
});

shape<Contests>(
  ContestsDto,
  'Marks a provision or restraint as contested; moves nothing.',
  {
    kind: choice(['contests']),
    provision: optional(slug()),
    restraint: optional(slug()),
    axis: optional(choice(['instrument', ...axes])),
    party: optional(slug()),
  },
  { exactlyOne: ['provision', 'restraint'] },
);

shape<SetsDeadline>(SetsDeadlineDto, 'Sets a deadline.', {
  kind: choice(['sets-deadline']),
  deadline: slug(),
  title: text(500),
  deadlineKind: choice(deadlineKinds),
  obligated: ids(),
  provision: optional(slug()),
  basis: basis('When it is due.'),
  under,
});

shape<MovesDeadline>(MovesDeadlineDto, 'Moves a deadline.', {
  kind: choice(['moves-deadline']),
  deadline: slug(),
  basis: basis('When it is due now.'),
  under,
});

shape<ClosesDeadline>(ClosesDeadlineDto, 'Closes a deadline.', {
  kind: choice(['closes-deadline']),
  deadline: slug(),
  how: choice(closings),
  on,
  under,
});

shape<Replaces>(ReplacesDto, 'One instrument supersedes another; nothing else.', {
  kind: choice(['replaces']),
  instrument: slug(),
  by: slug(),
});
