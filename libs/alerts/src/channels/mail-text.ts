import type { AlertType, RaisedAlert } from '../alert.ts';
import { html, oneLine, plainText } from '../feeds/plain-text.ts';

const LONGEST_SUBJECT = 200;

const headings: Readonly<Record<AlertType, string>> = {
  'status-changed': 'Status changed',
  'deadline-set': 'New deadline',
  'deadline-moved': 'Deadline moved',
  'deadline-closed': 'Deadline closed',
  'deadline-reminder': 'Reminder',
  'pause-ending': 'A pause ends',
  'correction-issued': 'Correction',
  test: 'Test',
  'watch-disabled': 'A watch was disabled',
};

export function subjectOf({ alert }: RaisedAlert): string {
  const text = oneLine(`${headings[alert.type]}: ${alert.text}`);
  return text.length > LONGEST_SUBJECT ? `${text.slice(0, LONGEST_SUBJECT - 1).toWellFormed()}…` : text;
}

/** What is told, and all of it follows from the alert: the substance first. */
export function textOf({ alert, seq, raisedAt }: RaisedAlert): string {
  const lines = [
    ...(alert.test ? ['This is a test; nothing has happened.', ''] : []),
    plainText(alert.text),
    '',
    ...(alert.late ? [`This comes late: it was due at ${alert.dueAt}.`] : []),
    ...(alert.corrects === null ? [] : [`It corrects the alert ${alert.corrects}.`]),
    ...(alert.matter === null ? [] : [`Matter: ${alert.matter}`]),
    ...(alert.entry === null ? [] : [`Entry: ${alert.entry}`]),
    ...(alert.lead === null ? [] : [`Lead: ${alert.lead}`]),
    `Alert ${seq} of your watch, as of ${raisedAt}.`,
  ];
  return `${lines.join('\n')}\n`;
}

export function htmlOf(raised: RaisedAlert, unsubscribe: string | undefined): string {
  const paragraphs = textOf(raised)
    .trimEnd()
    .split('\n\n')
    .map((paragraph) => `<p>${html(paragraph).replaceAll('\n', '<br>')}</p>`);
  const end = unsubscribe === undefined ? '' : `<p><a href="${html(unsubscribe)}">Stop these messages</a></p>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${html(subjectOf(raised))}</title></head><body>${paragraphs.join('')}${end}</body></html>`;
}
