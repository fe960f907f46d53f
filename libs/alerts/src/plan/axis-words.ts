import type { Change } from '#libs/matter';

const facets = ['how', 'from', 'to', 'on'] as const;

/** What happened to one axis of a provision that was there before and is there after, in one phrase. */
export function axisWords({ axis, before, after }: Change, title: string): string {
  const subject = `the ${axis} of “${title}”`;
  const [was, is] = [sideOf(before), sideOf(after)];
  if (was.state !== is.state) return `${subject} turned from ${said(was.state)} to ${said(is.state)}`;
  const state = `is still ${said(is.state)}`;
  if ((was.contested === undefined) !== (is.contested === undefined))
    return `${subject} ${state} and ${is.contested === undefined ? 'no longer' : 'now'} contested`;
  const [accrued, accrues] = [sideOf(was.liability).state, sideOf(is.liability).state];
  if (accrued !== accrues) return `${subject} ${state}, and liability turned from ${said(accrued)} to ${said(accrues)}`;
  const facet = facets.find((each) => was[each] !== is[each]);
  return facet === undefined
    ? `${subject} ${state}`
    : `${subject} ${state}, ${facet} ${said(was[facet])} before and ${facet} ${said(is[facet])} now`;
}

type Side = Readonly<Partial<Record<'state' | 'contested' | 'liability' | (typeof facets)[number], unknown>>>;

function sideOf(value: unknown): Side {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : 'none';
}
