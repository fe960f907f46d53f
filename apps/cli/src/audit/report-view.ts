import type { AuditReport, Finding } from '#libs/evidence';
import type { Screen } from '../screen/screen.ts';

const MOST_FINDINGS = 20;

/** What was found, for a person. */
export function auditView(screen: Screen, report: AuditReport): readonly string[] {
  const { events, sealed, checkpoints, outside, cosignatures, findings } = report;
  const verdict = report.intact
    ? screen.paint('Nothing differs.', 'green', 'bold')
    : screen.paint(verdictOn(findings), 'red', 'bold');
  const counted = [
    `${events} events read again, ${sealed} of them under a checkpoint that holds`,
    `${checkpoints} checkpoints in the log hold${outside > 0 ? `, and ${outside} from elsewhere` : ''}`,
    ...(cosignatures > 0 ? [`${cosignatures} cosignatures hold`] : []),
    ...(report.erased > 0 ? [`${report.erased} private values are gone; that they were there is still proven`] : []),
    ...report.checks.map(({ name, result, detail }) => `${name}: ${result} (${detail})`),
    keyWords(report),
  ];
  const shown = findings.slice(0, MOST_FINDINGS).map(told);
  const more = findings.length - shown.length;
  return [verdict, ...shown, ...(more > 0 ? [`and ${more} more`] : []), '', ...counted];
}

function verdictOn(findings: readonly Finding[]): string {
  if (findings.some(({ kind }) => kind === 'log'))
    return 'The log is not what was signed for, or not what was taken in.';
  if (findings.some(({ kind }) => kind === 'check')) return 'The log holds, and what was made of it differs.';
  if (findings.some(({ kind }) => kind === 'outside'))
    return 'The log holds; a checkpoint that was given is not of it.';
  return 'The log holds; the state that it is verified with is damaged.';
}

function told({ position, event, what }: Finding): string {
  const place = position === null ? '' : `position ${position}${event === null ? '' : `, event ${event}`}: `;
  return `- ${place}${what}`;
}

function keyWords({ anchor }: AuditReport): string {
  if (anchor === 'none') return 'nothing was sealed yet: nothing of this is proven';
  return anchor === 'given'
    ? 'signed with the key that was given'
    : 'signed with the key that the log itself names; give the one you know with --trust';
}
