import {
  aMatter,
  aSource,
  acted,
  enacted,
  ends,
  establishes,
  given,
  lifts,
  party,
  restrains,
  ruled,
  Saga,
} from '../support/matter.ts';

const law = enacted('law', '2023-06-01', [establishes('duty')]);
const injunction = ruled('inj', '2024-02-01', [restrains('i')], { publishedOn: '2024-02-02' });
const codeKnown = (saga: Saga, knownAt: string): string => saga.code('2024-03-01', { knownAt });
const codePublished = (saga: Saga, publishedBy: string): string => saga.code('2024-03-01', { publishedBy });
const shortened = { effects: [restrains('i', { until: '2024-02-20' })] };

describe('what is known at a time', () => {
  const saga = Saga.of(aMatter())
    .at('2030-01-02T00:00:00Z')
    .given(law)
    .at('2030-01-03T03:00:00Z')
    .given(injunction)
    .at('2030-01-05T12:00:00Z')
    .corrected('inj', shortened)
    .at('2030-01-07T12:00:00Z')
    .retracted('inj', { allowOrphans: true });

  it('uses only what was recorded by an instant, that instant included', () => {
    expect(codeKnown(saga, '2030-01-01T00:00:00Z')).toBe('no-record');
    expect(codeKnown(saga, '2030-01-02T00:00:00Z')).toBe('in-force-and-enforceable');
    expect(codeKnown(saga, '2030-01-03T02:59:59Z')).toBe('in-force-and-enforceable');
    expect(codeKnown(saga, '2030-01-03T03:00:00Z')).toBe('blocked-by-court');
    expect(codeKnown(saga, '2030-01-05T12:00:00Z')).toBe('in-force-and-enforceable');
  });

  it('takes a date as its end in the matter’s zone', () => {
    // 03:00Z on the 3rd is still the 2nd in New York.
    expect(codeKnown(saga, '2029-12-31')).toBe('no-record');
    expect(codeKnown(saga, '2030-01-02')).toBe('blocked-by-court');
  });

  it('is not changed before a correction or retraction by it', () => {
    expect(saga.deadline('2024-02-10', 'i.until', { knownAt: '2030-01-06' }).due?.date).toBe('2024-02-20');
    expect(saga.asked('2024-02-10', { knownAt: '2030-01-04' }).headline).toMatchObject({
      code: 'blocked-by-court',
      until: null,
    });
    expect(saga.asked('2024-02-10', { knownAt: '2030-01-06' }).headline).toMatchObject({
      code: 'blocked-by-court',
      until: '2024-02-20',
    });
    expect(saga.code('2024-02-10')).toBe('in-force-and-enforceable');
  });

  it('knows parties from when they were added', () => {
    const grown = saga.at('2030-01-09T12:00:00Z').withParty(party('newco', 'firms'));
    expect(grown.asked('2024-03-01', { party: 'newco' }).headline.code).toBe('in-force-and-enforceable');
    const parties = (knownAt: string) => grown.asked('2024-03-01', { knownAt }).provisions[0]?.parties;
    expect(parties('2030-01-08')).toEqual(['acme', 'bolt']);
    expect(parties('2030-01-09')).toEqual(['acme', 'bolt', 'newco']);
  });
});

describe('what was published by a day', () => {
  it('hides acts published later', () => {
    const saga = given(law, injunction);
    expect(codePublished(saga, '2024-02-01')).toBe('in-force-and-enforceable');
    expect(codePublished(saga, '2024-02-02')).toBe('blocked-by-court');
  });

  it('counts a correction with sources from their earliest publication', () => {
    const sources = [aSource({ publishedOn: '2024-05-01' }), aSource({ publishedOn: '2024-04-01' })];
    const saga = given(law, injunction).corrected('inj', shortened, { sources });
    expect(codePublished(saga, '2024-03-31')).toBe('blocked-by-court');
    expect(codePublished(saga, '2024-04-01')).toBe('in-force-and-enforceable');
    expect(saga.code('2024-03-01')).toBe('in-force-and-enforceable');
  });

  it('counts a correction without sources, which corrects our own record, always', () => {
    const saga = given(law, injunction).corrected('inj', shortened);
    expect(codePublished(saga, '2024-02-02')).toBe('in-force-and-enforceable');
  });

  it('counts a retraction in the same two ways', () => {
    const saga = given(law, injunction);
    expect(codePublished(saga.retracted('inj'), '2024-02-02')).toBe('in-force-and-enforceable');
    const published = saga.retracted('inj', { sources: [aSource({ publishedOn: '2024-04-01' })] });
    expect(codePublished(published, '2024-03-31')).toBe('blocked-by-court');
    expect(codePublished(published, '2024-04-01')).toBe('in-force-and-enforceable');
  });

  it('lists as unresolved what refers to an act that was not public yet', () => {
    const early = ruled('early', '2024-02-10', [lifts('i')], { publishedOn: '2024-02-01' });
    const answer = given(law, injunction, early).asked('2024-03-01', { publishedBy: '2024-02-01' });
    expect(answer.unresolved).toMatchObject([{ entry: 'early', refersTo: 'i' }]);
  });
});

describe('corrections', () => {
  it('of one entry apply in the order recorded, each to what the earlier left', () => {
    const saga = given(law).corrected('law', { title: 'A', summary: 'first' }).corrected('law', { title: 'B' });
    expect(saga.record?.entries.get('law')).toMatchObject({
      state: 'corrected',
      entry: { title: 'B', summary: 'first' },
      original: { title: 'law' },
    });
    expect(saga.record?.entries.get('law')?.corrections).toHaveLength(2);
  });

  it('are merge patches: arrays replaced whole, objects merged, null removes', () => {
    const two = enacted('two', '2023-06-01', [establishes('duty'), establishes('more')], { summary: 'x' });
    const saga = given(two).corrected('two', {
      effects: [establishes('duty')],
      author: { jurisdiction: 'US' },
      summary: null,
    });
    const corrected = saga.record?.entries.get('two')?.entry;
    expect(corrected?.effects).toHaveLength(1);
    expect(corrected?.author).toEqual({ kind: 'legislature', name: 'Congress', jurisdiction: 'US' });
    expect(corrected).not.toHaveProperty('summary');
  });

  it('move an act to where it belongs in legal order', () => {
    const saga = given(law, injunction, ruled('l', '2024-02-10', [lifts('i')]));
    expect(saga.code('2024-02-15')).toBe('in-force-and-enforceable');
    const moved = saga.corrected('l', { occurredOn: '2024-04-01' });
    expect(moved.code('2024-02-15')).toBe('blocked-by-court');
    expect(moved.code('2024-04-01')).toBe('in-force-and-enforceable');
  });
});

describe('recording', () => {
  it('in any order believes alike', () => {
    const entries = [
      law,
      injunction,
      ruled('v', '2024-03-01', [ends('duty', 'vacated', { ending: 'e' })]),
      ruled('s', '2024-03-05', [restrains('s', { form: 'stay', of: ['e'] })], { author: { name: 'Appeals' } }),
      acted('x', '2024-03-07', [{ kind: 'contests', provision: 'duty' }]),
    ];
    const forwards = given(...entries);
    const backwards = given(law, entries[2] ?? law, ...entries.slice(1).toReversed());
    for (const at of ['2024-01-15', '2024-02-15', '2024-03-02', '2024-03-10']) {
      expect(backwards.asked(at)).toEqual(forwards.asked(at));
    }
    expect(backwards.segments()).toEqual(forwards.segments());
  });
});
