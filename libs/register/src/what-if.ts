import { Malformed, parseEntry } from '#libs/contract';
import { changesBetween, deadlineChanges, deadlinesOf, liveEntries, Refusal } from '#libs/matter';
import { Draft } from './draft.ts';
import { beneath } from './guards.ts';
import type { WhatIfAnswer } from './answers.ts';
import type { EntryBody, MatterFile, WhatIf } from './shapes.ts';
import { statusAnswer, whoOf } from './status.ts';
import { viewOf } from './view.ts';
import { relocated } from './writing.ts';

/**
 * What the answer would be with these entries on top of the record; decided one after another, as if recorded.
 * @throws Malformed, Refusal with pointers into the body.
 */
export function whatIfAnswer(file: MatterFile, body: WhatIf, now: number, newId: () => string): WhatIfAnswer {
  const before = viewOf(file, body.at === undefined ? {} : { at: body.at }, now);
  const who = whoOf(before.belief.matter, body, '');
  const draft = new Draft(file.record, file.newest.recordedAt, newId);
  const warnings = body.entries.flatMap((entry, index) => take(draft, entry, `/entries/${index}`, newId));
  const entries = draft.record ? liveEntries(draft.record) : [];
  const after = { ...before, belief: { matter: before.belief.matter, entries } };
  const [was, is] = [statusAnswer(before, who), statusAnswer(after, who)];
  const deadlines = ({ belief }: typeof before) => deadlinesOf(belief.matter, belief.entries, { at: before.clocks.at });
  return {
    before: was,
    after: is,
    changes: changesBetween(was, is),
    deadlines: deadlineChanges(deadlines(before), deadlines(after)),
    warnings,
  };
}

function take(draft: Draft, body: EntryBody, within: string, newId: () => string): readonly string[] {
  try {
    const decision = draft.take({ kind: 'record-entry', entry: { ...parseEntry(body), id: body.id ?? newId() } });
    return decision.kind === 'append' ? decision.warnings : [];
  } catch (error) {
    if (error instanceof Refusal) throw relocated(error, within);
    if (error instanceof Malformed) throw beneath(error, within);
    throw error;
  }
}
