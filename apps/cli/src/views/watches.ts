import type { ReceiptLine, WatchLine, WatchMade } from '../backend/watches.ts';
import type { Screen } from '../screen/screen.ts';
import { type Row, table } from '../screen/table.ts';

/** On the log itself, nobody plans and sends meanwhile. */
export const WHEN_SERVED = 'Alerts are raised and sent while the service runs.';

export function watchesView(screen: Screen, watches: readonly WatchLine[]): readonly string[] {
  if (watches.length === 0) return ['No watches yet: inforce watch add makes one.'];
  const rows = watches.map((watch): Row => {
    const { id, name, state, reason, leads, at, timeZone } = watch;
    const styles = state === 'disabled' ? (['red'] as const) : [];
    return {
      cells: [
        id,
        name,
        { text: state, styles },
        heard(watch),
        toldBy(watch),
        `${leads.join(' ')} at ${at} ${timeZone}`,
      ],
      ...(reason !== null && { note: reason }),
      faint: state === 'paused',
    };
  });
  return table(screen, ['WATCH', 'NAME', 'STATE', 'HEARS', 'TOLD BY', 'REMINDERS'], rows);
}

export function watchMadeView(watch: WatchMade): readonly string[] {
  const { secret, publicKey } = watch;
  return [
    watch.id,
    ...(secret === undefined ? [] : [`secret      ${secret}`]),
    ...(publicKey === undefined ? [] : [`public key  ${publicKey}`]),
  ];
}

export function receiptsView(screen: Screen, receipts: readonly ReceiptLine[]): readonly string[] {
  if (receipts.length === 0) return ['No alerts.'];
  const rows = receipts.map(({ seq, type, raisedAt, state, nextAttemptAt, attempts }): Row => {
    const last = attempts.at(-1);
    const styles = state === 'failed' ? (['red'] as const) : [];
    const answer = last ? String(last.status ?? last.answer) : '-';
    return {
      cells: [
        String(seq),
        type,
        raisedAt,
        { text: state, styles },
        String(attempts.length),
        answer,
        nextAttemptAt ?? '-',
      ],
    };
  });
  return table(screen, ['SEQ', 'ALERT', 'RAISED', 'STATE', 'TRIES', 'ANSWER', 'NEXT TRY'], rows);
}

function heard({ filter }: WatchLine): string {
  const bounds = Object.entries(filter).map(([name, values]) => `${name} ${values.join(',')}`);
  return bounds.length === 0 ? 'everything' : bounds.join('; ');
}

function toldBy({ channel }: WatchLine): string {
  return channel?.url ?? channel?.to ?? '-';
}
