import { addPeriod, type CivilDate, isTimeZone, parsePeriod } from '#libs/calendar';
import { alertKinds } from '../alert.ts';
import type { Channel, WatchFilter, WatchSettings } from '../watch.ts';
import { WatchRefusal } from './refusal.ts';

const MOST_LEADS = 20;
const MOST_IDS = 200;
const LONGEST_NAME = 200;
const LONGEST_ADDRESS = 2000;
const LONGEST_LEAD_DAYS = 3700;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
const kinds: ReadonlySet<string> = new Set(alertKinds);

/** What a watch has where its owner says nothing else. */
export const standardSettings: Omit<WatchSettings, 'name'> = {
  filter: {},
  leads: ['P30D', 'P7D', 'P1D', 'P0D'],
  at: '09:00',
  timeZone: 'UTC',
};

/** The day of a reminder that comes this long before a due day. */
export type Lead = (due: CivilDate) => CivilDate;

/** Reads a lead: `P0D`, or a period of days, weeks, months or years. Undefined for anything else. */
export function parseLead(text: unknown): Lead | undefined {
  if (text === 'P0D') return (due) => due;
  const period = parsePeriod(text);
  if (!period || period.hours > 0 || period.minutes > 0) return undefined;
  const days = period.years * 366 + period.months * 31 + period.weeks * 7 + period.days;
  return days > LONGEST_LEAD_DAYS ? undefined : (due) => addPeriod(due, period, -1);
}

/** Milliseconds after midnight; undefined for what is no `HH:MM`. */
export function parseClock(text: string): number | undefined {
  const [, hour, minute] = CLOCK.exec(text) ?? [];
  return hour === undefined ? undefined : (Number(hour) * 60 + Number(minute)) * 60_000;
}

/** @throws WatchRefusal naming the first field that cannot be used. */
export function checkSettings({ name, filter, leads, at, timeZone }: Partial<WatchSettings>): void {
  if (name !== undefined && (name.trim() === '' || name.length > LONGEST_NAME)) {
    throw new WatchRefusal('malformed-watch', `A name has between 1 and ${LONGEST_NAME} characters.`, '/name');
  }
  if (filter) checkFilter(filter);
  if (leads) checkLeads(leads);
  if (at !== undefined && parseClock(at) === undefined) {
    throw new WatchRefusal('malformed-watch', 'The hour of reminders is written as HH:MM, such as 09:00.', '/at');
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw new WatchRefusal('malformed-watch', 'That is not a time zone such as Europe/Berlin.', '/timeZone');
  }
}

function checkFilter(filter: WatchFilter): void {
  for (const [field, list] of Object.entries(filter)) {
    if (list.length === 0 || list.length > MOST_IDS || new Set(list).size < list.length) {
      const detail = `A filter lists between 1 and ${MOST_IDS} different values, or is left out.`;
      throw new WatchRefusal('malformed-watch', detail, `/filter/${field}`);
    }
  }
  const other = filter.kinds?.findIndex((kind) => !kinds.has(kind)) ?? -1;
  if (other >= 0) throw new WatchRefusal('malformed-watch', 'That is not a kind of alert.', `/filter/kinds/${other}`);
}

function checkLeads(leads: readonly string[]): void {
  const odd = leads.findIndex((lead) => !parseLead(lead));
  if (odd >= 0) {
    const detail = 'A lead is a period of days or longer before the due day, such as P7D; P0D is the day itself.';
    throw new WatchRefusal('malformed-watch', detail, `/leads/${odd}`);
  }
  if (leads.length > MOST_LEADS || new Set(leads).size < leads.length) {
    throw new WatchRefusal('malformed-watch', `There are at most ${MOST_LEADS} different leads.`, '/leads');
  }
}

/** Only its form: whether the outside may be reached at that address is for whoever sends. */
export function checkChannel(channel: Channel): void {
  const text = channel.kind === 'webhook' ? channel.url : channel.to;
  const good =
    text.length <= LONGEST_ADDRESS &&
    (channel.kind === 'webhook' ? isWebAddress(text) : /^[^\s@<>,]+@[^\s@<>,]+$/.test(text));
  if (good) return;
  if (channel.kind === 'webhook')
    throw new WatchRefusal('malformed-watch', 'A webhook has an address that begins with https://.', '/channel/url');
  throw new WatchRefusal('malformed-watch', 'That is not an e-mail address.', '/channel/to');
}

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || url?.protocol === 'http:';
}
