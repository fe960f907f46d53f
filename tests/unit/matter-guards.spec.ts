import { type Effect, type Entry, entryTypes, type EntryType, type Matter } from '#libs/matter';
import {
  acted,
  aMatter,
  aSource,
  classOf,
  closesDeadline,
  commences,
  determines,
  enacted,
  ends,
  enforcer,
  entry,
  establishes,
  extendsTo,
  failed,
  filed,
  forbears,
  introduced,
  issued,
  lifts,
  liftsEnding,
  movesDeadline,
  noticed,
  ordered,
  party,
  passed,
  postpones,
  proposed,
  published,
  refusalOf,
  reinstates,
  reported,
  restrains,
  ruled,
  Saga,
  satisfies,
  setsDeadline,
} from '../support/matter.ts';

// What is there before anybody tries anything: a federal and a Texan statute, a rule of an independent agency (sec) and
// of one that the President directs (epa), an executive order, a court's injunction and vacatur, and two forbearances.
const matter: Matter = aMatter({
  parties: [
    ...aMatter().parties,
    enforcer('epa', { jurisdiction: 'US' }),
    enforcer('tx-ag', { jurisdiction: 'US-TX', independent: true }),
    enforcer('tx-dps', { jurisdiction: 'US-TX' }),
  ],
});

const statute = enacted('act', '2020-01-01', [
  establishes('duty'),
  establishes('delegation', { norm: 'power', enforcers: [] }),
  establishes('sunset', { until: '2030-01-01' }),
  setsDeadline('congress-deadline', '2026-01-01'),
]);
const texan = enacted('tx-act', '2020-02-01', [establishes('tx-duty', { enforcers: ['tx-dps'] })], {
  author: { name: 'Texas Legislature', jurisdiction: 'US-TX' },
});
const secRule = issued('sec-rule', '2020-03-01', [
  establishes('sec-duty', { enforcers: ['sec'], until: '2029-01-01' }),
  setsDeadline('sec-deadline', '2026-02-01'),
]);
const secStay = issued('sec-stay-order', '2020-03-02', [
  restrains('sec-stay', { form: 'stay', provisions: ['sec-duty'] }),
]);
const epaRule = issued('epa-rule', '2020-04-01', [establishes('epa-duty', { enforcers: ['epa'] })], {
  author: { name: 'epa' },
});
const order = ordered('eo', '2020-05-01', [
  establishes('eo-duty'),
  forbears('doj-pause', { enforcers: ['doj'], until: '2027-01-01' }),
]);
const secPause = noticed('sec-notice', '2020-06-01', [forbears('sec-pause', { until: '2027-01-01' })]);
const injunction = ruled('injunction', '2020-07-01', [
  restrains('inj'),
  establishes('court-order', { addressees: ['acme'] }),
]);
const vacatur = ruled('vacatur', '2020-08-01', [ends('epa-duty', 'vacated', { ending: 'e1' })]);

const record = Saga.of(matter).given(statute, texan, secRule, secStay, epaRule, order, secPause, injunction, vacatur);

const bySec = (...effects: Effect[]): Entry => issued('try', '2025-01-01', effects);
const byEpa = (...effects: Effect[]): Entry => issued('try', '2025-01-01', effects, { author: { name: 'epa' } });
const noticeOfSec = (...effects: Effect[]): Entry => noticed('try', '2025-01-01', effects);
const noticeOfDoj = (...effects: Effect[]): Entry => noticed('try', '2025-01-01', effects, { author: { name: 'doj' } });
const noticeOfPresident = (...effects: Effect[]): Entry =>
  noticed('try', '2025-01-01', effects, { author: { kind: 'executive' } });
const byPresident = (...effects: Effect[]): Entry => ordered('try', '2025-01-01', effects);
const byCourt = (...effects: Effect[]): Entry => ruled('try', '2025-01-01', effects);
const byTexasCourt = (...effects: Effect[]): Entry =>
  ruled('try', '2025-01-01', effects, { author: { name: 'Texas court', jurisdiction: 'US-TX' } });
const byCongress = (...effects: Effect[]): Entry => enacted('try', '2025-01-01', effects);
const byTexas = (...effects: Effect[]): Entry =>
  enacted('try', '2025-01-01', effects, { author: { name: 'Texas Legislature', jurisdiction: 'US-TX' } });
const byAcme = (...effects: Effect[]): Entry => acted('try', '2025-01-01', effects);

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const carrying = (...effects: Effect[]) => ({ effects });
const types: EntryType[] = [
  'BillIntroduced',
  'BillReported',
  'BillPassed',
  'BillFailed',
  'LawEnacted',
  'LawPublished',
  'ExecutiveActIssued',
  'RuleProposed',
  'RuleIssued',
  'NoticeIssued',
  'CaseFiled',
  'CaseHeard',
  'CourtRuled',
  'PartyActed',
  'ReportPublished',
];
const releases: Effect = {
  kind: 'releases',
  provisions: ['duty'],
  protects: 'all',
  conductFrom: '2024-01-01',
  state: 'extinguished',
};
const contests: Effect = { kind: 'contests', provision: 'duty' };
const varies = (restraint: string, more: object = { protects: ['acme'] }): Effect => ({
  kind: 'varies',
  restraint,
  ...more,
});
const extendsSunset = (provision: string, more: object = {}): Effect => ({
  kind: 'extends',
  provision,
  until: '2031-01-01',
  ...more,
});
const replaces: Effect = { kind: 'replaces', instrument: 'act', by: 'eo' };
const under = { under: 'delegation' };
const estimate = { contingent: 'the review', estimate: '2026-06-01' };

/** Each effect on what others made, as far as one exists. */
const onOthers: Readonly<Record<string, Effect>> = {
  commences: commences('duty', '2026-01-01'),
  postpones: postpones('duty', '2026-01-01'),
  determines: determines('acme', 'exempt'),
  stays: restrains('new-stay', { form: 'stay' }),
  varies: varies('inj'),
  extends: extendsTo('inj', '2027-01-01'),
  'extends a sunset': extendsSunset('sunset'),
  lifts: lifts('inj'),
  reinstates: reinstates('inj'),
  'lifts an ending': liftsEnding('e1'),
  ends: ends('duty', 'revoked'),
  'ends an instrument': { kind: 'ends', instrument: 'act', how: 'revoked' },
  releases,
  'moves a deadline': movesDeadline('congress-deadline', '2027-01-01'),
  'closes a deadline': closesDeadline('congress-deadline', 'moot'),
  replaces,
};

type Case = readonly [string, Entry];

const allowed: Readonly<Record<string, readonly Case[]>> = {
  'a legislature that enacts law': Object.entries({ ...onOthers, establishes: establishes('new'), contests })
    .map(([what, effect]): Case => [what, byCongress(effect)])
    .concat([
      ['acts on the law of a state that it contains', byCongress(ends('tx-duty', 'repealed'))],
      ['acts on its own law in a state', byTexas(ends('tx-duty', 'repealed'))],
      ['sets deadlines', byCongress(setsDeadline('d', '2026-01-01', { provision: 'duty' }))],
      ['satisfies a condition', byCongress(satisfies('c'))],
      ['lifts a forbearance', byCongress(lifts('doj-pause'))],
      ['publishes with effects', published('try', '2025-01-01', [establishes('new')])],
    ]),
  'a bill': [
    ['establishes', introduced('try', '2025-01-01', [establishes('new')])],
    ['sets a deadline', passed('try', '2025-01-01', [setsDeadline('d', '2026-01-01')])],
    ['replaces', passed('try', '2025-01-01', [replaces])],
    [
      'brought in by an executive',
      introduced('try', '2025-01-01', [establishes('new')], { author: { kind: 'executive' } }),
    ],
    ['that fails, without effects', failed('try', '2025-01-01')],
  ],
  'a court': [
    ...(['stay', 'restraining-order', 'preliminary-injunction', 'injunction'] as const).map((form): Case => [
      `restrains by ${form}`,
      byCourt(restrains('r', { form })),
    ]),
    ['binds an enforcer of a state', byCourt(restrains('r', { provisions: ['tx-duty'], enforcers: ['tx-ag'] }))],
    ['binds a private party', byCourt(restrains('r', { enforcers: ['acme'] }))],
    ['restrains another court’s order and vacatur', byCourt(restrains('r', { form: 'stay', of: ['inj', 'e1'] }))],
    ['varies another’s restraint', byCourt(varies('inj'))],
    ['extends another’s restraint', byCourt(extendsTo('doj-pause', '2028-01-01'))],
    ['lifts an agency’s stay', byCourt(lifts('sec-stay'))],
    ['lifts a forbearance', byCourt(lifts('doj-pause'))],
    ['reinstates an injunction', byCourt(reinstates('inj'))],
    ['lifts an ending', byCourt(liftsEnding('e1'))],
    ['reinstates an ending', byCourt({ kind: 'reinstates', ending: 'e1' })],
    ['vacates', byCourt(ends('sec-duty', 'vacated'))],
    ['holds invalid', byCourt(ends('duty', 'invalid'))],
    ['finds lapsed', byCourt(ends('duty', 'lapsed'))],
    ['acts on the law of a state inside', byCourt(ends('tx-duty', 'invalid'))],
    ['determines', byCourt(determines('acme', 'exempt'))],
    ['releases', byCourt(releases)],
    ['satisfies', byCourt(satisfies('c'))],
    ['sets a deadline', byCourt(setsDeadline('d', '2026-01-01', { provision: 'duty' }))],
    ['moves a deadline', byCourt(movesDeadline('congress-deadline', '2027-01-01'))],
    ['closes a deadline', byCourt(closesDeadline('sec-deadline', 'vacated'))],
    ['orders a named party to do something', byCourt(establishes('new', { addressees: ['acme', 'bolt'] }))],
    ['speaks at a hearing', entry('CaseHeard', 'try', '2025-01-01', [closesDeadline('sec-deadline', 'met')])],
  ],
  'an executive': [
    ['establishes', byPresident(establishes('new'))],
    ['ends its own act', byPresident(ends('eo-duty', 'revoked'))],
    ['ends its own instrument', byPresident({ kind: 'ends', instrument: 'eo', how: 'revoked' })],
    ['postpones its own act', byPresident(postpones('eo-duty', '2026-01-01'))],
    ['determines its own act', byPresident(determines('acme', 'exempt', { provision: 'eo-duty' }))],
    ['stays its own act', byPresident(restrains('r', { form: 'stay', provisions: ['eo-duty'] }))],
    ['releases from its own act', byPresident({ ...releases, provisions: ['eo-duty'] })],
    ['ends an act of an agency that it directs', byPresident(ends('epa-duty', 'revoked'))],
    ['binds an enforcer that it directs to forbear', byPresident(forbears('r', { enforcers: ['doj', 'epa'] }))],
    ['forbears itself', byPresident(forbears('r'))],
    ['extends its own forbearance', byPresident(extendsTo('doj-pause', '2028-01-01'))],
    ['lifts its own forbearance', byPresident(lifts('doj-pause'))],
    ['varies its own forbearance', byPresident(varies('doj-pause'))],
    ['commences under a delegation', byPresident(commences('duty', '2026-01-01', under))],
    ['postpones under a delegation', byPresident(postpones('duty', '2026-01-01', under))],
    ['determines under a delegation', byPresident(determines('acme', 'exempt', under))],
    ['establishes under a delegation', byPresident(establishes('new', under))],
    [
      'sets deadlines under a delegation',
      byPresident(setsDeadline('d', '2026-01-01', { provision: 'duty', ...under })),
    ],
    ['moves deadlines under a delegation', byPresident(movesDeadline('congress-deadline', '2027-01-01', under))],
    [
      'closes deadlines under an instrument',
      byPresident(closesDeadline('congress-deadline', 'moot', { under: 'act' })),
    ],
    ['postpones the law of a state under a delegation', byPresident(postpones('tx-duty', '2026-01-01', under))],
  ],
  'an agency’s rule': [
    ['establishes', bySec(establishes('new'))],
    ['ends its own act', bySec(ends('sec-duty', 'revoked'))],
    ['stays its own rule', bySec(restrains('r', { form: 'stay', provisions: ['sec-duty'] }))],
    ['lifts its own stay', bySec(lifts('sec-stay'))],
    ['postpones its own rule', bySec(postpones('sec-duty', '2026-01-01'))],
    ['extends its own sunset', bySec(extendsSunset('sec-duty'))],
    ['determines its own rule', bySec(determines('acme', 'exempt', { provision: 'sec-duty' }))],
    ['moves its own deadline', bySec(movesDeadline('sec-deadline', '2027-01-01'))],
    ['forbears itself', bySec(forbears('r'))],
    ['forbears itself by name', bySec(forbears('r', { enforcers: ['sec'] }))],
    ['establishes under a delegation', bySec(establishes('new', under))],
    ['commences under a delegation', bySec(commences('duty', '2026-01-01', under))],
    ['postpones under a delegation', bySec(postpones('duty', '2026-01-01', under))],
    ['extends a sunset under a delegation', bySec(extendsSunset('sunset', under))],
    ['ends under a delegation', bySec(ends('duty', 'expired', under))],
    ['determines under a delegation', bySec(determines('acme', 'exempt', under))],
    ['sets deadlines under a delegation', bySec(setsDeadline('d', '2026-01-01', { provision: 'duty', ...under }))],
    ['moves deadlines under a delegation', bySec(movesDeadline('congress-deadline', '2027-01-01', under))],
    ['closes deadlines under a delegation', bySec(closesDeadline('congress-deadline', 'moot', under))],
    ['transposes for another jurisdiction under a delegation', bySec(establishes('new', { under: 'tx-duty' }))],
    ['as another author of its party', bySec(ends('sec-duty', 'revoked'), extendsTo('sec-pause', '2028-01-01'))],
  ],
  'a notice': [
    ['of an agency forbears itself', noticeOfSec(forbears('r'))],
    ['of an agency forbears itself by name', noticeOfSec(forbears('r', { enforcers: ['sec'] }))],
    ['of an executive binds whom it directs', noticeOfPresident(forbears('r', { enforcers: ['doj'] }))],
    ['extends the forbearance that binds its author', noticeOfDoj(extendsTo('doj-pause', '2028-01-01'))],
    ['varies the forbearance that binds its author', noticeOfDoj(varies('doj-pause'))],
    ['lifts the forbearance that binds its author', noticeOfDoj(lifts('doj-pause'))],
    ['postpones its author’s act', noticeOfSec(postpones('sec-duty', '2026-01-01'))],
    ['moves its author’s deadline', noticeOfSec(movesDeadline('sec-deadline', '2027-01-01'))],
    ['postpones under a delegation', noticeOfSec(postpones('duty', '2026-01-01', under))],
    ['moves a deadline under a delegation', noticeOfSec(movesDeadline('congress-deadline', '2027-01-01', under))],
    ['closes a deadline under a delegation', noticeOfSec(closesDeadline('congress-deadline', 'met', under))],
    ['estimates anybody’s deadline', noticeOfSec(movesDeadline('congress-deadline', estimate))],
  ],
  'a private party': [
    ['meets a deadline', byAcme(closesDeadline('congress-deadline', 'met'))],
    ['satisfies a condition', byAcme(satisfies('c'))],
    ['contests', byAcme(contests)],
    ['contests in a filing', filed('try', '2025-01-01', [contests])],
  ],
  'the press': [['reports without effects', reported('try', '2025-01-01')]],
};

const refused: Readonly<Record<string, readonly (readonly [...Case, RegExp])[]>> = {
  'a legislature': [
    ['acts on the law of a wider jurisdiction', byTexas(ends('duty', 'repealed')), /US-TX does not reach duty/],
    ['moves a federal start from a state', byTexas(postpones('duty', '2026-01-01')), /does not reach/],
    ['lifts a federal court’s order from a state', byTexas(lifts('inj')), /does not reach inj/],
    [
      'acts on the law of a neighbour whose code begins alike',
      enacted('try', '2025-01-01', [ends('tx-duty', 'repealed')], { author: { jurisdiction: 'U' } }),
      /does not reach/,
    ],
  ],
  'a bill': Object.entries({ ...onOthers, satisfies: satisfies('c'), contests })
    .filter(([what]) => what !== 'replaces')
    .map(([what, effect]) => [what, passed('try', '2025-01-01', [effect]), /a proposal moves nothing that is law/]),
  'a proposed rule': [
    ['ends', proposed('try', '2025-01-01', [ends('sec-duty', 'withdrawn')]), /a proposal moves nothing that is law/],
  ],
  'a court': [
    ['forbears', byCourt(forbears('r', { enforcers: ['doj'] })), /does not forbear/],
    ['extends a sunset', byCourt(extendsSunset('sunset')), /not a sunset/],
    ...(['repealed', 'expired', 'superseded', 'revoked', 'withdrawn'] as const).map(
      (how) => [`ends as ${how}`, byCourt(ends('duty', how)), new RegExp(how)] as const,
    ),
    ['commences', byCourt(commences('duty', '2026-01-01')), /may not carry commences/],
    ['postpones', byCourt(postpones('duty', '2026-01-01')), /may not carry postpones/],
    ['replaces', byCourt(replaces), /may not carry replaces/],
    ['establishes for a class', byCourt(establishes('new', { addressees: ['acme', 'firms'] })), /never a class/],
    [
      'establishes for everyone',
      byCourt({ kind: 'establishes', provision: 'new', title: 'new', norm: 'duty', force: '2025-01-01' }),
      /never a class/,
    ],
    ['of a state holds federal law invalid', byTexasCourt(ends('duty', 'invalid')), /US-TX does not reach/],
    ['of a state restrains a federal provision', byTexasCourt(restrains('r')), /US-TX does not reach/],
    ['of a state lifts a federal injunction', byTexasCourt(lifts('inj')), /US-TX does not reach/],
  ],
  'an executive': [
    ...Object.entries(onOthers).map(([what, effect]) => [what, byPresident(effect), /./] as const),
    ['binds an independent enforcer', byPresident(forbears('r', { enforcers: ['sec'] })), /sec is independent/],
    ['binds an enforcer of a state', byPresident(forbears('r', { enforcers: ['tx-dps'] })), /US-TX/],
    ['ends an act of an independent agency', byPresident(ends('sec-duty', 'revoked')), /agencies it directs/],
    [
      'ends an act of an agency even under a delegation',
      byPresident(ends('sec-duty', 'revoked', under)),
      /agencies it directs/,
    ],
    ['lifts a court’s injunction', byPresident(lifts('inj')), /belongs to the restraint's author/],
    ['varies an agency’s promise', byPresident(varies('sec-pause')), /belongs to the restraint's author/],
    ['stays an injunction', byPresident(restrains('r', { form: 'stay', of: ['inj'] })), /own acts/],
    ['revives what a court vacated', byPresident(restrains('r', { form: 'stay', of: ['e1'] })), /own acts/],
    ['postpones a statute without a delegation', byPresident(postpones('duty', '2026-01-01')), /delegates it/],
    [
      'varies its forbearance to bind an independent enforcer',
      byPresident(varies('doj-pause', { enforcers: ['sec'] })),
      /independent/,
    ],
  ],
  'an agency’s rule': [
    ...Object.entries(onOthers).map(([what, effect]) => [what, bySec(effect), /./] as const),
    ['binds another enforcer to forbear', bySec(forbears('r', { enforcers: ['sec', 'doj'] })), /itself alone, not doj/],
    ['stays another agency’s rule', byEpa(restrains('r', { form: 'stay', provisions: ['sec-duty'] })), /own acts/],
    ['stays a statute under a delegation', bySec(restrains('r', { form: 'stay', provisions: ['duty'] })), /own acts/],
    ['lifts another agency’s stay', byEpa(lifts('sec-stay')), /belongs to the restraint's author/],
    ['extends a promise that does not bind it', byEpa(extendsTo('doj-pause', '2028-01-01')), /belongs to/],
    ['ends the law of a state under a delegation', bySec(ends('tx-duty', 'revoked', under)), /US does not reach/],
    ['closes a deadline without a delegation', bySec(closesDeadline('congress-deadline', 'moot')), /delegates it/],
  ],
  'a notice': [
    [
      'stays its author’s own rule',
      noticeOfSec(restrains('r', { form: 'stay', provisions: ['sec-duty'] })),
      /only forbear/,
    ],
    ['establishes', noticeOfSec(establishes('new')), /may not carry establishes/],
    ['establishes under a delegation', noticeOfSec(establishes('new', under)), /may not carry establishes/],
    ['ends its author’s own rule', noticeOfSec(ends('sec-duty', 'revoked')), /may not carry ends/],
    [
      'determines its author’s own rule',
      noticeOfSec(determines('acme', 'exempt', { provision: 'sec-duty' })),
      /may not carry determines/,
    ],
    ['commences under a delegation', noticeOfSec(commences('duty', '2026-01-01', under)), /may not carry commences/],
    ['reinstates', noticeOfDoj(reinstates('doj-pause')), /may not carry reinstates/],
    ['releases', noticeOfSec({ ...releases, provisions: ['sec-duty'] }), /may not carry releases/],
    ['extends a sunset', noticeOfSec(extendsSunset('sec-duty')), /nothing else/],
    ['lifts a court’s injunction', noticeOfSec(lifts('inj')), /a forbearance, nothing else/],
    ['extends a forbearance that binds another', noticeOfSec(extendsTo('doj-pause', '2028-01-01')), /belongs to/],
    ['binds another enforcer', noticeOfSec(forbears('r', { enforcers: ['doj'] })), /itself alone/],
    [
      'of an executive binds an independent enforcer',
      noticeOfPresident(forbears('r', { enforcers: ['sec'] })),
      /independent/,
    ],
    [
      'moves another’s deadline to a date',
      noticeOfSec(movesDeadline('congress-deadline', '2027-01-01')),
      /delegates it/,
    ],
    [
      'makes another’s deadline contingent without an estimate',
      noticeOfSec(movesDeadline('congress-deadline', { contingent: 'the review' })),
      /delegates it/,
    ],
    ['postpones another’s act', noticeOfSec(postpones('duty', '2026-01-01')), /delegates it/],
  ],
  'a private party': [
    ...Object.entries(onOthers).map(([what, effect]) => [what, byAcme(effect), /private party/] as const),
    ['closes a deadline as moot', byAcme(closesDeadline('congress-deadline', 'moot')), /private party/],
    ['sets a deadline', byAcme(setsDeadline('d', '2026-01-01')), /private party/],
    ['establishes', byAcme(establishes('new')), /private party/],
    ['forbears', byAcme(forbears('r')), /private party/],
  ],
  'the press': [
    ['contests', reported('try', '2025-01-01', [contests]), /evidence only/],
    ['satisfies', reported('try', '2025-01-01', [satisfies('c')]), /evidence only/],
    ['meets a deadline', reported('try', '2025-01-01', [closesDeadline('congress-deadline', 'met')]), /evidence only/],
  ],
};

describe.each(Object.entries(allowed))('%s may', (_, cases) => {
  it.each(cases)('%s', (__, tried) => expect(record.refusal(tried)).toBeUndefined());
});

describe.each(Object.entries(refused))('%s may not', (_, cases) => {
  it.each(cases)('%s', (__, tried, reason) => {
    const refusal = record.refusal(tried);
    expect(refusal?.rule).toBe('authority-exceeded');
    expect(refusal?.message).toMatch(reason);
    expect(refusal?.pointer).toMatch(/^\/effects\/\d+$/);
  });
});

describe('authority', () => {
  it('holds exactly in one’s own jurisdiction for an agency: not in a state inside it', () => {
    expect(record.refusal(bySec(commences('tx-duty', '2026-01-01', under)))).toBeUndefined();
    expect(record.refusal(bySec(extendsSunset('tx-duty', under)))?.message).toMatch(/US does not reach tx-duty/);
  });

  it('belongs to the same author by party, whatever the name', () => {
    const successor = issued('try', '2025-01-01', [ends('sec-duty', 'revoked')], {
      author: { name: 'Securities Commission', party: 'sec' },
    });
    const stranger = issued('try', '2025-01-01', [ends('sec-duty', 'revoked')], {
      author: { name: 'Securities Commission' },
    });
    expect(record.refusal(successor)).toBeUndefined();
    expect(record.refusal(stranger)?.rule).toBe('authority-exceeded');
  });

  it('refuses the whole entry for one effect, and names its place', () => {
    const refusal = record.refusal(bySec(ends('sec-duty', 'revoked'), ends('duty', 'revoked')));
    expect(refusal).toMatchObject({ rule: 'authority-exceeded', pointer: '/effects/1' });
  });

  it('says that the claim can still be recorded without effects, and records it so', () => {
    expect(record.refusal(byPresident(lifts('inj')))?.message).toMatch(/ in an ExecutiveActIssued: .*without effects/);
    expect(record.refusal(byPresident())).toBeUndefined();
  });

  it.each(types)('%s comes from its own kinds of author only', (type) => {
    const kinds = ['legislature', 'court', 'executive', 'agency', 'private', 'press'] as const;
    for (const kind of kinds) {
      const refusal = record.refusal(entry(type, 'try', '2025-01-01', [], { author: { kind } }));
      const may: readonly string[] = entryTypes[type];
      expect(refusal?.rule).toBe(may.includes(kind) ? undefined : 'authority-exceeded');
    }
  });

  it('takes the first kind of the type when an author names none', () => {
    const { author, ...rest } = enacted('try', '2025-01-01', [establishes('new')]);
    expect(record.refusal({ ...rest, author: { name: author.name } })).toBeUndefined();
  });

  it('of a court holds before promulgation as well', () => {
    const draft = passed('bill', '2024-01-01', [establishes('draft')]);
    expect(record.given(draft).refusal(byCourt(ends('draft', 'invalid')))).toBeUndefined();
  });
});

describe('references', () => {
  it.each([
    ['unknown-party', byCongress(establishes('new', { addressees: ['nobody'] })), '/effects/0/addressees/0'],
    ['unknown-party', byCongress(establishes('new', { enforcers: ['nobody'] })), '/effects/0/enforcers/0'],
    ['unknown-party', byCongress(determines('nobody', 'exempt')), '/effects/0/party'],
    ['unknown-party', byCourt(restrains('r', { protects: ['nobody'] })), '/effects/0/protects/0'],
    ['unknown-party', byCongress(commences('duty', '2026-01-01', { for: ['nobody'] })), '/effects/0/for/0'],
    ['unknown-party', byCourt(setsDeadline('d', '2026-01-01', { obligated: ['nobody'] })), '/effects/0/obligated/0'],
    ['unknown-party', acted('try', '2025-01-01', [], { author: { party: 'nobody' } }), '/author/party'],
    ['unknown-provision', byCourt(restrains('r', { provisions: ['duty', 'nothing'] })), '/effects/0/provisions/1'],
    ['unknown-provision', byCongress(ends('nothing', 'repealed')), '/effects/0/provision'],
    ['unknown-provision', byPresident(establishes('new', { under: 'nothing' })), '/effects/0/under'],
    ['unknown-restraint', byCourt(lifts('nothing')), '/effects/0/restraint'],
    ['unknown-restraint', byCourt(restrains('r', { of: ['nothing'] })), '/effects/0/of/0'],
    ['unknown-ending', byCourt(liftsEnding('nothing')), '/effects/0/ending'],
    ['unknown-deadline', byAcme(closesDeadline('nothing', 'met')), '/effects/0/deadline'],
    ['unknown-deadline', byCourt(movesDeadline('doj-pause.until', '2026-01-01')), '/effects/0/deadline'],
    [
      'unknown-instrument',
      byCongress({ kind: 'ends', instrument: 'nothing', how: 'repealed' }),
      '/effects/0/instrument',
    ],
    ['unknown-instrument', byCongress({ kind: 'replaces', instrument: 'act', by: 'nothing' }), '/effects/0/by'],
    [
      'unknown-instrument',
      byCongress(establishes('new', { force: { period: 'P1D', after: { instrument: 'nothing' }, rule: 'us.plain' } })),
      '/effects/0/force/after/instrument',
    ],
    [
      'unknown-entry',
      byCourt(
        setsDeadline('d', {
          latest: ['2026-01-01', { period: 'P1D', before: { entry: 'nothing' }, rule: 'us.plain' }],
        }),
      ),
      '/effects/0/basis/latest/1/before/entry',
    ],
  ] as const)('refuses %s', (rule, tried, pointer) => {
    expect(record.refusal(tried)).toMatchObject({ rule, pointer });
  });

  it('may be to what comes later in law, or in the same entry', () => {
    const early = ruled('early', '2019-01-01', [restrains('early-stay', { form: 'stay' })]);
    const self = byCongress(
      establishes('new'),
      setsDeadline('d', '2026-01-01', { provision: 'new' }),
      ends('new', 'repealed', { on: '2027-01-01' }),
    );
    expect(record.refusal(early)).toBeUndefined();
    expect(record.refusal(self)).toBeUndefined();
  });

  it('to a condition need nothing that names it', () => {
    expect(record.refusal(byAcme(satisfies('anything')))).toBeUndefined();
  });

  it.each([
    ['provision-exists', byCongress(establishes('duty'))],
    ['provision-exists', byCongress(establishes('new'), establishes('new'))],
    ['restraint-exists', byCourt(restrains('inj'))],
    ['ending-exists', byCongress(ends('duty', 'repealed', { ending: 'e1' }))],
    ['deadline-exists', byCourt(setsDeadline('sec-deadline', '2026-01-01'))],
  ] as const)('refuses %s', (rule, tried) => expect(record.refusal(tried)?.rule).toBe(rule));

  it('refuses a circle of restraints, in one entry or through a correction', () => {
    const own = ruled('try', '2025-01-01', [restrains('a', { of: ['a'] })]);
    const pair = ruled('try', '2025-01-01', [restrains('a', { of: ['b'] }), restrains('b', { of: ['a'] })]);
    expect(record.refusal(own)?.rule).toBe('circular-restraint');
    expect(record.refusal(pair)?.rule).toBe('circular-restraint');
    const chain = record.given(
      ruled('r1', '2025-01-01', [restrains('a', { of: ['inj'] })]),
      ruled('r2', '2025-01-02', [restrains('b', { of: ['a'] })]),
    );
    const turned = { effects: [restrains('a', { of: ['b'] })] };
    expect(refusalOf(() => chain.corrected('r1', turned))?.rule).toBe('circular-restraint');
  });

  it('refuses a class that would contain itself, and members of unknown classes', () => {
    const circular = [classOf('a', 'b'), classOf('b', 'a')];
    const opening = refusalOf(() => Saga.of(aMatter({ parties: circular })));
    expect([opening?.rule, opening?.pointer]).toEqual(['circular-class', '/parties/0/memberOf/0']);
    const joining = refusalOf(() => record.withParty(party('x', 'nobody')));
    expect([joining?.rule, joining?.pointer]).toEqual(['unknown-party', '/memberOf/0']);
    expect(refusalOf(() => record.withParty(party('x', 'x')))?.rule).toBe('circular-class');
  });
});

describe('the order of one day', () => {
  const day = '2025-01-01';
  const other = (...effects: Effect[]): Entry => ruled('other', day, effects, { author: { name: 'Other court' } });
  const both = (a: Effect, b: Effect) => record.given(byCourt(a)).refusal(other(b));

  it.each([
    ['a restraint', lifts('inj'), extendsTo('inj', '2027-01-01')],
    ['an ending', liftsEnding('e1'), { kind: 'reinstates', ending: 'e1' } as const],
    ['a condition', satisfies('c'), satisfies('c', '2025-02-01')],
    ['a deadline', movesDeadline('sec-deadline', '2027-01-01'), closesDeadline('sec-deadline', 'moot')],
    ['the force of a provision', ends('duty', 'vacated'), ends('duty', 'invalid')],
    ['the applicability of a provision', determines('acme', 'exempt'), determines('firms', 'disputed')],
  ] as const)('must be told when two entries touch %s', (_, a, b) => {
    expect(both(a, b)).toMatchObject({ rule: 'ambiguous-order', entries: ['try'] });
  });

  it('counts an instrument’s end as touching the force of its provisions', () => {
    const repeal = byCongress({ kind: 'ends', instrument: 'act', how: 'repealed' });
    expect(record.given(repeal).refusal(other(ends('duty', 'vacated')))?.rule).toBe('ambiguous-order');
  });

  it.each([
    ['different restraints', lifts('inj'), lifts('sec-stay')],
    ['different provisions', ends('duty', 'vacated'), ends('sec-duty', 'vacated')],
    ['different axes', ends('duty', 'vacated'), determines('acme', 'exempt')],
    ['two new restraints on one provision', restrains('x'), restrains('y')],
    ['contests', { kind: 'contests', provision: 'duty' } as const, ends('duty', 'vacated')],
  ] as const)('need not be told for %s', (what, a, b) => {
    const first = what === 'contests' ? byAcme(a) : byCourt(a);
    expect(record.given(first).refusal(other(b))).toBeUndefined();
  });

  it('is told by an hour or by an order', () => {
    const first = record.given(byCourt(lifts('inj')));
    const again = other(reinstates('inj'));
    expect(first.refusal(again)?.rule).toBe('ambiguous-order');
    expect(first.refusal({ ...again, order: 1 })).toBeUndefined();
    expect(first.refusal({ ...again, occurredAt: '2025-01-01T10:00:00-05:00' })).toBeUndefined();
    expect(first.refusal({ ...again, occurredOn: '2025-01-02' })).toBeUndefined();
  });

  it('does not matter between effects of one entry, which come as listed', () => {
    const saga = record.given(byCourt(lifts('inj'), reinstates('inj')));
    expect(saga.row('2025-02-01').enforcement[0]?.restraints).toContain('inj');
  });
});

describe('too many', () => {
  it('effects or sources are refused; two hundred are not', () => {
    const effects = (count: number) => byCongress(...many(count, (i) => establishes(`p${i}`)));
    expect(record.refusal(effects(200))).toBeUndefined();
    expect(record.refusal(effects(201))).toMatchObject({ rule: 'too-many', pointer: '/effects' });
    const cited = byCongress();
    const sources = many(201, () => aSource());
    expect(record.refusal({ ...cited, sources: sources.slice(1) })).toBeUndefined();
    expect(record.refusal({ ...cited, sources })).toMatchObject({ rule: 'too-many', pointer: '/sources' });
  });
});

describe('repeating', () => {
  it('the same id with the same content does nothing', () => {
    expect(record.given(statute).events).toHaveLength(record.events.length);
    expect(record.when({ kind: 'open-matter', matter }).events).toHaveLength(record.events.length);
    expect(record.withParty(party('acme', 'firms')).events).toHaveLength(record.events.length);
  });

  it('the same content in another order of keys is the same', () => {
    const { id, type, ...rest } = statute;
    expect(record.given({ ...rest, type, id }).events).toHaveLength(record.events.length);
  });

  it('the same id with other content is refused: correct it instead', () => {
    expect(record.refusal({ ...statute, title: 'another' })?.rule).toBe('entry-differs');
    expect(refusalOf(() => record.withParty(party('acme')))?.rule).toBe('entry-differs');
    expect(record.refusal({ kind: 'open-matter', matter: { ...matter, title: 'another' } })?.rule).toBe('already-open');
  });

  it('what was first recorded is a repeat even after a correction', () => {
    const corrected = record.corrected('act', { title: 'The Act' });
    expect(corrected.given(statute).events).toHaveLength(corrected.events.length);
  });

  it('a retracted id is refused, for good', () => {
    const retracted = record.given(byCourt()).retracted('try');
    expect(retracted.refusal(byCourt())?.rule).toBe('entry-retracted');
    expect(refusalOf(() => retracted.corrected('try', { title: 'x' }))?.rule).toBe('entry-retracted');
    expect(refusalOf(() => retracted.retracted('try'))?.rule).toBe('entry-retracted');
  });

  it('what was never recorded can be neither corrected nor retracted', () => {
    expect(refusalOf(() => record.corrected('nothing', {}))?.rule).toBe('unknown-entry');
    expect(refusalOf(() => record.retracted('nothing'))?.rule).toBe('unknown-entry');
  });
});

describe('a retraction', () => {
  it('is refused while live entries refer to what the entry made, and lists them', () => {
    expect(refusalOf(() => record.retracted('injunction'))).toBeUndefined();
    const lifted = record.given(byCourt(lifts('inj')));
    expect(refusalOf(() => lifted.retracted('injunction'))).toMatchObject({
      rule: 'still-referenced',
      entries: ['try'],
    });
    expect(refusalOf(() => lifted.retracted('try').retracted('injunction'))).toBeUndefined();
  });

  it('counts references to an entry’s act and instrument too', () => {
    const counted = record.given(
      byCourt(setsDeadline('d', { period: 'P30D', after: { entry: 'vacatur' }, rule: 'us.plain' })),
    );
    expect(refusalOf(() => counted.retracted('vacatur'))).toMatchObject({ entries: ['try'] });
    const ended = record.given(byPresident({ kind: 'ends', instrument: 'eo', how: 'revoked' }));
    expect(refusalOf(() => ended.retracted('eo'))).toMatchObject({ rule: 'still-referenced', entries: ['try'] });
  });

  it('with allowOrphans leaves orphans that do nothing and are listed as unresolved', () => {
    const saga = record
      .given(byCourt(lifts('inj'), ends('sec-duty', 'vacated')))
      .retracted('injunction', { allowOrphans: true });
    expect(saga.warnings).toHaveLength(1);
    const answer = saga.asked('2025-02-01');
    expect(answer.unresolved).toMatchObject([{ entry: 'try', effect: 0, kind: 'lifts', refersTo: 'inj' }]);
    expect(saga.row('2025-02-01', { provision: 'sec-duty' }).headline.code).toBe('vacated');
  });

  it('of a provision orphans what was listed beside it only in part', () => {
    const saga = record
      .given(byCourt(restrains('wide', { provisions: ['duty', 'tx-duty'] })))
      .retracted('tx-act', { allowOrphans: true });
    expect(saga.asked('2025-02-01').unresolved).toMatchObject([{ entry: 'try', refersTo: 'tx-duty' }]);
    expect(saga.row('2025-02-01').enforcement[0]?.restraints).toContain('wide');
  });

  it('gives the interpretation of the remaining entries', () => {
    const before = record.asked('2025-02-01');
    const after = record
      .given(byCourt(ends('duty', 'vacated')))
      .retracted('try')
      .asked('2025-02-01');
    expect(after).toEqual(before);
  });
});

describe('nothing that is refused can be brought about by a correction', () => {
  it.each([
    ['an executive’s order', byPresident(), lifts('inj')],
    ['an agency’s rule', bySec(), ends('duty', 'revoked')],
    ['a notice', noticeOfSec(), establishes('new')],
    ['a private act', byAcme(), ends('duty', 'lapsed')],
    ['a report', reported('try', '2025-01-01'), satisfies('c')],
    ['a bill', passed('try', '2025-01-01'), ends('duty', 'repealed')],
  ])('of %s', (_, blank, effect) => {
    expect(record.refusal({ ...blank, effects: [effect] })?.rule).toBe('authority-exceeded');
    expect(refusalOf(() => record.given(blank).corrected('try', carrying(effect)))?.rule).toBe('authority-exceeded');
  });

  it('of the author', () => {
    const saga = record.given(byCourt(ends('duty', 'invalid')));
    const changes = { author: { jurisdiction: 'US-TX' } };
    expect(refusalOf(() => saga.corrected('try', changes))?.rule).toBe('authority-exceeded');
    expect(refusalOf(() => record.corrected('injunction', { author: { kind: 'private' } }))?.rule).toBe(
      'authority-exceeded',
    );
  });

  it('that would make somebody else’s entry exceed its authority', () => {
    const saga = record.given(bySec(ends('sec-duty', 'revoked')));
    const refusal = refusalOf(() => saga.corrected('sec-rule', { author: { name: 'epa' } }));
    expect(refusal).toMatchObject({
      rule: 'authority-exceeded',
      entries: expect.arrayContaining([expect.any(String)]),
    });
  });

  it('that would take away what others refer to', () => {
    const saga = record.given(byCourt(lifts('inj')));
    const refusal = refusalOf(() => saga.corrected('injunction', carrying()));
    expect(refusal).toMatchObject({ rule: 'still-referenced', entries: ['try'] });
  });

  it('that would make the order of a day ambiguous', () => {
    const saga = record.given(byCourt(lifts('inj')), ruled('later', '2025-01-02', [reinstates('inj')]));
    expect(refusalOf(() => saga.corrected('later', { occurredOn: '2025-01-01' }))?.rule).toBe('ambiguous-order');
    expect(refusalOf(() => saga.corrected('later', { occurredOn: '2025-01-01', order: 1 }))).toBeUndefined();
  });

  it('that would make what exists already, or too much', () => {
    const saga = record.given(byCongress());
    expect(refusalOf(() => saga.corrected('try', carrying(establishes('duty'))))?.rule).toBe('provision-exists');
    const effects = Array.from({ length: 201 }, (_, i) => establishes(`p${i}`));
    expect(refusalOf(() => saga.corrected('try', { effects }))?.rule).toBe('too-many');
    expect(refusalOf(() => saga.corrected('try', carrying(establishes('x', { addressees: ['nobody'] }))))?.rule).toBe(
      'unknown-party',
    );
  });

  it('while one that every guard admits is believed', () => {
    const saga = record.given(byCourt(restrains('r', { until: '2025-06-01' })));
    const corrected = saga.corrected('try', carrying(restrains('r', { until: '2025-07-01' })));
    expect(corrected.deadline('2025-02-01', 'r.until').due?.date).toBe('2025-07-01');
  });
});
