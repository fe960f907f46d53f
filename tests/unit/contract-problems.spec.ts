import { isProblemRule, Malformed, malformedProblem, pathProblem, problem, problems } from '#libs/contract';

describe('a problem', () => {
  it('is an RFC 9457 object', () => {
    expect(
      problem('revision-conflict', 'The matter is at revision 7.', { revision: 7, instance: '/v1/matters/a' }),
    ).toEqual({
      type: 'urn:inforce:problem:revision-conflict',
      title: 'The matter has moved on',
      status: 412,
      rule: 'revision-conflict',
      detail: 'The matter is at revision 7.',
      instance: '/v1/matters/a',
      revision: 7,
    });
  });

  it('cannot have its standard members replaced', () => {
    expect(problem('internal', 'd', { status: 200, rule: 'x', type: 'y', title: 'z' })).toMatchObject({
      status: 500,
      rule: 'internal',
      type: 'urn:inforce:problem:internal',
    });
  });

  it.each([
    [400, ['malformed', 'malformed-json']],
    [401, ['unauthorized']],
    [403, ['forbidden']],
    [404, ['not-found', 'unknown-matter']],
    [405, ['method-not-allowed']],
    [409, ['already-open', 'entry-differs', 'entry-retracted', 'still-referenced', 'not-sealed']],
    [412, ['revision-conflict']],
    [413, ['payload-too-large']],
    [415, ['unsupported-media-type']],
    [
      422,
      [
        'authority-exceeded',
        'ambiguous-order',
        'unknown-party',
        'unknown-provision',
        'unknown-restraint',
        'unknown-ending',
        'unknown-deadline',
        'unknown-instrument',
        'unknown-entry',
        'provision-exists',
        'restraint-exists',
        'ending-exists',
        'deadline-exists',
        'circular-restraint',
        'too-many',
        'idempotency-key-reused',
      ],
    ],
    [429, ['rate-limited']],
    [500, ['internal']],
    [503, ['not-caught-up', 'log-unavailable', 'integrity-incident']],
  ] as const)('answers %i for %j', (status, rules) => {
    for (const rule of rules) expect(problem(rule, 'd').status).toBe(status);
  });

  it('is a 404 where the path names what is not there', () => {
    expect(pathProblem('unknown-entry', 'There is no entry a.')).toMatchObject({ status: 404, rule: 'unknown-entry' });
  });

  it('has a rule in kebab-case and a title that is a plain phrase', () => {
    for (const [rule, { title }] of Object.entries(problems)) {
      expect(rule).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title).toMatch(/^[A-Z][A-Za-z -]+$/);
    }
  });

  it('is known by its rule alone', () => {
    expect([isProblemRule('too-many'), isProblemRule('toString'), isProblemRule('nothing'), isProblemRule(7)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('lists what a malformed body got wrong', () => {
    const error = new Malformed([
      { pointer: '/occurredOn', message: 'must be a day that exists' },
      { pointer: '/sources', message: 'must have at least 1 item' },
    ]);
    expect(malformedProblem(error, { instance: '/v1/matters/a/entries' })).toEqual({
      type: 'urn:inforce:problem:malformed',
      title: 'The request is not of the expected shape',
      status: 400,
      rule: 'malformed',
      detail: '/occurredOn must be a day that exists, and 1 more',
      instance: '/v1/matters/a/entries',
      errors: error.errors,
    });
  });
});
