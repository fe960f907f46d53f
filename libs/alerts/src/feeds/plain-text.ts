/** Characters that neither XML 1.0 (§2.2) nor iCalendar (RFC 5545 §3.3.11) can carry; new lines and tabs they can. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/g;

/** Text that any format can carry once it has escaped what it escapes. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll(UNPRINTABLE, '');
}

export function oneLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim();
}

/** A value of the type TEXT, on one line (RFC 5545 §3.3.11). */
export function calendarText(text: string): string {
  return oneLine(text).replaceAll(/[\\;,]/g, String.raw`\$&`);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function html(text: string): string {
  return plainText(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
