import type { AxisName, Deadline, EnforcementAxis, ProvisionStatus, Status } from './shape.ts';

/** One axis of one provision that differs between two answers; null: the provision was not there. */
export interface Change {
  readonly provision: string;
  readonly parties: readonly string[];
  readonly enforcer: string | null;
  readonly axis: AxisName;
  readonly before: object | null;
  readonly after: object | null;
  readonly because: readonly string[];
}

export interface DeadlineChange {
  readonly deadline: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
}

/** As much of an answer as is compared. */
export type Compared = Pick<Status, 'provisions' | 'because'>;

/** What differs between two answers to one question, party by party, parties that changed alike taken together. */
export function changesBetween(before: Compared, after: Compared): readonly Change[] {
  const old = byCell(before.provisions);
  const now = byCell(after.provisions);
  const changes = new Map<string, Change>();
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(key), now.get(key)];
    const cell = is ?? was;
    if (!cell || JSON.stringify(was?.value) === JSON.stringify(is?.value)) continue;
    const { provision, party, enforcer, axis } = cell;
    const values = { before: was?.value ?? null, after: is?.value ?? null };
    const alike = JSON.stringify([provision, enforcer, axis, values]);
    const same = changes.get(alike);
    const source = is ? after : before;
    const because = source.because
      .filter((each) => each.provision === provision && each.axis === axis)
      .map((each) => each.entry);
    changes.set(alike, { provision, parties: [...(same?.parties ?? []), party], enforcer, axis, ...values, because });
  }
  return [...changes.values()];
}

/** Deadlines whose date or state differs. */
export function deadlineChanges(before: readonly Deadline[], after: readonly Deadline[]): readonly DeadlineChange[] {
  const old = new Map(before.map((deadline) => [deadline.id, deadline]));
  const now = new Map(after.map((deadline) => [deadline.id, deadline]));
  const changes: DeadlineChange[] = [];
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(id), now.get(id)];
    const change = {
      deadline: id,
      before: was?.due?.date ?? null,
      after: is?.due?.date ?? null,
      stateBefore: was?.state ?? null,
      stateAfter: is?.state ?? null,
    };
    if (change.before !== change.after || change.stateBefore !== change.stateAfter) changes.push(change);
  }
  return changes;
}

interface Cell {
  readonly provision: string;
  readonly party: string;
  readonly enforcer: string | null;
  readonly axis: AxisName;
  readonly value: object;
}

function byCell(provisions: readonly ProvisionStatus[]): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  const add = (cell: Cell): void => {
    cells.set(JSON.stringify([cell.provision, cell.party, cell.enforcer, cell.axis]), cell);
  };
  for (const row of provisions) {
    const { provision } = row;
    for (const party of row.parties) {
      for (const axis of ['instrument', 'force', 'operation', 'applicability'] as const) {
        add({ provision, party, enforcer: null, axis, value: row[axis] });
      }
      for (const { enforcer, ...value } of row.enforcement) {
        add({
          provision,
          party,
          enforcer,
          axis: 'enforcement',
          value: value satisfies Omit<EnforcementAxis, 'enforcer'>,
        });
      }
    }
  }
  return cells;
}
