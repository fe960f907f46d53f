import type { InstrumentState } from '../answer/shape.ts';
import type { Entry, EntryType } from '../record/entry.ts';

/** A proposal moves nothing that is law, and reaches back to nothing (MODEL §4). */
export function proposes(type: EntryType): boolean {
  switch (type) {
    case 'BillIntroduced':
    case 'BillReported':
    case 'BillPassed':
    case 'BillFailed':
    case 'RuleProposed':
      return true;
    default:
      return false;
  }
}

/** What an entry does to the instrument it is about (MODEL §1), if anything. */
export function instrumentStateOf(entry: Entry): InstrumentState | undefined {
  switch (entry.type) {
    case 'BillIntroduced':
    case 'BillReported':
    case 'RuleProposed':
      return 'proposed';
    case 'BillPassed':
      return 'passed-chamber';
    case 'BillFailed':
      return entry.outcome === 'withdrawn' ? 'withdrawn' : 'failed';
    case 'LawEnacted':
    case 'RuleIssued':
      return entry.instrument?.bindsOn === 'publication' ? 'adopted-not-published' : 'enacted';
    case 'LawPublished':
    case 'ExecutiveActIssued':
      return 'enacted';
    case 'NoticeIssued':
    case 'CaseFiled':
    case 'CaseHeard':
    case 'CourtRuled':
    case 'PartyActed':
    case 'ReportPublished':
      return undefined;
  }
}

/** Not law, but may become it. */
export function isPending(state: InstrumentState): boolean {
  return state === 'proposed' || state === 'passed-chamber' || state === 'adopted-not-published';
}
