import type { Moment } from '#libs/calendar';
import type { Picture } from '../picture/picture.ts';
import type { Provision } from '../picture/tracks.ts';
import type { Entry } from '../record/entry.ts';
import type { Roster } from '../record/roster.ts';
import { type Axes, axesAt } from './axes.ts';
import { addressed } from './determination.ts';
import { type Code, headlineOf } from './headline.ts';
import type { AxisName, EvidenceState, ProvisionStatus } from './shape.ts';
import { words } from './text.ts';

/** One provision for one group of end members that nothing tells apart. */
export interface Row {
  readonly provision: Provision;
  readonly parties: readonly string[];
  readonly addressed: boolean;
  readonly axes: Axes;
  readonly code: Code;
}

/** Who is asked about: end members in groups, and enforcers. */
export interface Scope {
  readonly groups: readonly (readonly string[])[];
  /** End members at or below the enforcer asked for; absent: all. */
  readonly enforcers?: ReadonlySet<string>;
  /** A single end member was asked for. */
  readonly single: boolean;
}

export function scopeOf(picture: Picture, party: string | undefined, enforcer: string | undefined): Scope {
  const { roster, groups } = picture.prepared;
  const asked = party === undefined ? undefined : new Set(roster.leaves(party));
  const within = [...groups.values()]
    .map((group) => (asked ? group.filter((id) => asked.has(id)) : group))
    .filter((group) => group.length > 0);
  return {
    groups: within,
    ...(enforcer === undefined ? {} : { enforcers: new Set(roster.leaves(enforcer)) }),
    single: asked?.size === 1,
  };
}

/** A provision's enforcers, classes worked out to their end members. */
function enforcersOf(picture: Picture, provision: Provision, scope: Scope): readonly string[] {
  const { roster } = picture.prepared;
  const all = [...new Set((provision.effect.enforcers ?? []).flatMap((id) => roster.leaves(id)))];
  return scope.enforcers ? all.filter((id) => scope.enforcers?.has(id)) : all;
}

/** Every provision for every group, at one time. Asked for one enforcer, provisions without it are left out. */
export function rowsAt(picture: Picture, scope: Scope, t: Moment): readonly Row[] {
  const rows: Row[] = [];
  for (const provision of picture.provisions.values()) {
    const enforcers = enforcersOf(picture, provision, scope);
    if (scope.enforcers && enforcers.length === 0) continue;
    for (const { parties, isAddressed } of groupsFor(picture, provision, scope)) {
      const party = parties[0] ?? '';
      const axes = axesAt(picture, provision, party, enforcers, t);
      const code = headlineOf(picture, provision, party, enforcers, axes, t);
      rows.push({ provision, parties, addressed: isAddressed, axes, code });
    }
  }
  return rows;
}

/**
 * The groups worth working out: those addressed. Where none of those asked for is, one row says so for all of them; a
 * single member asked for is shown whatever its place.
 */
function groupsFor(
  picture: Picture,
  provision: Provision,
  scope: Scope,
): readonly { readonly parties: readonly string[]; readonly isAddressed: boolean }[] {
  const meant = scope.groups.filter(([party]) => addressed(picture, provision, party ?? ''));
  if (meant.length > 0) return meant.map((parties) => ({ parties, isAddressed: true }));
  return scope.groups.length === 0 ? [] : [{ parties: scope.groups.flat(), isAddressed: false }];
}

/** The table of the answer: groups that share every axis are one row. */
export function tabled(rows: readonly Row[], roster: Roster): readonly ProvisionStatus[] {
  const table: ProvisionStatus[] = [];
  const byProvision = Map.groupBy(rows, (row) => row.provision);
  for (const [provision, its] of byProvision) {
    const merged = new Map<string, ProvisionStatus>();
    for (const row of its) {
      const status = print(provision, row);
      const key = its.length === 1 ? '' : JSON.stringify({ ...status, parties: null });
      const same = merged.get(key);
      merged.set(key, same ? { ...same, parties: [...same.parties, ...status.parties] } : status);
    }
    const ordered = [...merged.values()].map((row) => ({ ...row, parties: roster.sorted(row.parties) }));
    table.push(...ordered.toSorted((a, b) => roster.place(a.parties[0] ?? '') - roster.place(b.parties[0] ?? '')));
  }
  return table;
}

function print(provision: Provision, { axes, code, parties }: Row): ProvisionStatus {
  const { effect } = provision;
  return {
    provision: provision.id,
    title: effect.title,
    norm: effect.norm,
    principal: effect.principal ?? true,
    parties,
    instrument: axes.instrument,
    force: axes.force,
    operation: axes.operation,
    applicability: axes.applicability,
    enforcement: axes.enforcement,
    ...(axes.exposedSince === undefined ? {} : { exposedSince: axes.exposedSince }),
    evidence: { state: weakest(axes) },
    headline: { ...code, text: words(code) },
  };
}

const strength: readonly EvidenceState[] = ['single-report', 'corroborated', 'official'];

export function weakest(axes: Axes): EvidenceState {
  let least = strength.length - 1;
  for (const axis of axisNames) {
    for (const entry of axes.deps[axis]) least = Math.min(least, strength.indexOf(evidenceOf(entry)));
  }
  return strength[least] ?? 'official';
}

const grades = new WeakMap<Entry, EvidenceState>();

/** Official: an official source or a court's copy. Corroborated: two publishers. */
export function evidenceOf(entry: Entry): EvidenceState {
  const known = grades.get(entry);
  if (known) return known;
  const grade = gradeOf(entry);
  grades.set(entry, grade);
  return grade;
}

function gradeOf({ sources }: Entry): EvidenceState {
  if (sources.some(({ evidence }) => evidence === 'official' || evidence === 'court-copy')) return 'official';
  return new Set(sources.map(({ publisher }) => publisher)).size > 1 ? 'corroborated' : 'single-report';
}

export const axisNames: readonly AxisName[] = ['instrument', 'force', 'operation', 'applicability', 'enforcement'];
