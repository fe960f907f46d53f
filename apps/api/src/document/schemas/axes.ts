import { headlineCodes } from '#libs/matter';
import { arrayOf, date, dateOrNull, nullable, object, ref, type Schema, slug, text, texts } from './words.ts';

const state = (...states: string[]): Schema => ({ enum: states });

/** The axes of a provision's status. */
export const axes: Readonly<Record<string, Schema>> = {
  Headline: object({ code: { enum: headlineCodes }, until: dateOrNull, on: dateOrNull, text }, ['until', 'on']),
  ProvisionStatus: object(
    {
      provision: slug,
      title: text,
      norm: text,
      principal: { type: 'boolean' },
      parties: texts,
      instrument: object({ id: nullable(slug), state: text }),
      force: object({ state: state('not-yet', 'in-force', 'ended'), from: dateOrNull }, ['from']),
      operation: object({ state: state('operative', 'postponed', 'suspended'), until: dateOrNull }, ['until']),
      applicability: object({ state: text, from: dateOrNull }, ['from']),
      enforcement: arrayOf(ref('Enforcement')),
      exposedSince: date,
      evidence: object({ state: state('official', 'corroborated', 'single-report') }),
      headline: ref('Headline'),
    },
    ['exposedSince'],
  ),
  Enforcement: object(
    {
      enforcer: slug,
      state: state('not-applicable', 'not-yet-possible', 'restrained', 'forborne', 'active'),
      until: dateOrNull,
      from: dateOrNull,
      restraints: texts,
      liability: object({ state: text, from: date }, ['from']),
    },
    ['until', 'from', 'liability'],
  ),
  Because: object({ entry: slug, axis: text, provision: slug, title: text, citation: text, url: text }, [
    'citation',
    'url',
  ]),
};
