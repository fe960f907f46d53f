import ical, {
  ICalAlarmType,
  ICalCalendarMethod,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { isCivilDate } from '#libs/calendar';
import type { Deadline, DeadlineState } from '#libs/matter';
import { calendarText, plainText } from './plain-text.ts';

/** A deadline as lists have it, or as an alert shows it: without its trace, and with the last of its history only. */
export type CalendarDeadline = Omit<Deadline, 'trace' | 'warnings'> & {
  readonly trace?: Deadline['trace'];
  /** How many dates it had before those in `history`. */
  readonly earlierDates?: number;
};

export interface CalendarAbout {
  readonly name: string;
  /** What the record held then: RFC 3339, or a day, which means its end. */
  readonly asOf: string;
  /** Where a deadline can be read; absent: it has no address. */
  readonly link?: (deadline: CalendarDeadline) => string;
  /** Mail address that sends it, when it is sent rather than subscribed to: then each event names it (RFC 5546 §3.2.1). */
  readonly sender?: string;
}

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** A week before, and the day before: of a whole day, which begins at midnight, at nine in the morning. */
const ALARMS_OF_DAY_S = [6 * DAY_S + 15 * HOUR_S, 15 * HOUR_S];
const ALARMS_OF_HOUR_S = [7 * DAY_S, DAY_S];
const REFRESH_S = HOUR_S;

const cancelled: ReadonlySet<DeadlineState> = new Set<DeadlineState>(['withdrawn', 'vacated', 'moot', 'superseded']);
const ahead: ReadonlySet<DeadlineState> = new Set<DeadlineState>(['scheduled', 'extended', 'estimated']);

/**
 * Deadlines as iCalendar (RFC 5545, RFC 7986): one event for each, under the same UID for ever, with the day on which it is
 * due. What is off stays, as cancelled, so that it vanishes from nobody's calendar without a word. A deadline that never
 * had a date has no event. The same record gives the same bytes.
 */
export function deadlineCalendar(deadlines: readonly CalendarDeadline[], about: CalendarAbout): string {
  const calendar = ical({
    // Not escaped by the package.
    name: calendarText(about.name),
    description: calendarText(
      `Deadlines as of ${about.asOf}. A view, not an alert: clients refresh it when they like.`,
    ),
    prodId: { company: 'Inforce', product: 'Deadlines', language: 'EN' },
    ttl: REFRESH_S,
    method: about.sender === undefined ? null : ICalCalendarMethod.PUBLISH,
  });
  for (const deadline of deadlines) {
    const event = eventOf(deadline, about);
    if (event) calendar.createEvent(event);
  }
  return `${calendar.toString()}\r\n`;
}

function eventOf(deadline: CalendarDeadline, about: CalendarAbout): ICalEventData | undefined {
  const { due, history, state, earlierDates = 0 } = deadline;
  const start = due?.instant ?? due?.date ?? history.findLast((one) => one.due !== null)?.due;
  if (start === undefined || start === null) return undefined;
  const off = cancelled.has(state) || due === null;
  const allDay = isCivilDate(start);
  const alarms = allDay ? ALARMS_OF_DAY_S : ALARMS_OF_HOUR_S;
  return {
    id: `${deadline.matter}.${deadline.id}@inforce`,
    sequence: Math.max(0, earlierDates + history.length - 1),
    stamp: instantOf(about.asOf),
    start: new Date(allDay ? `${start}T00:00:00Z` : start),
    allDay,
    summary: plainText(deadline.title),
    description: plainText(wordsOf(deadline, about.asOf)),
    status: off ? ICalEventStatus.CANCELLED : statusOf(state),
    transparency: ICalEventTransparency.TRANSPARENT,
    categories: [{ name: deadline.kind }],
    ...(about.sender !== undefined && { organizer: { name: 'Inforce', email: about.sender } }),
    ...(about.link && { url: uri(about.link(deadline)) }),
    ...(!off && ahead.has(state) && { alarms: alarms.map((trigger) => ({ type: ICalAlarmType.display, trigger })) }),
  };
}

/** A URI is no TEXT, and the package escapes it like one. */
function uri(link: string): string {
  return link.replaceAll(/[\\;,]/g, encodeURIComponent);
}

function statusOf(state: DeadlineState): ICalEventStatus {
  return state === 'estimated' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

function wordsOf(deadline: CalendarDeadline, asOf: string): string {
  const { due, state, matter, obligated, history, trace = [], contingent, closedBy, closedOn } = deadline;
  const dates = history.flatMap((one) => one.due ?? []);
  const lines = [
    `Matter: ${matter}. State: ${state}${closedBy === undefined ? '' : ` by ${closedBy} on ${closedOn}`}.`,
    due ? `Due ${due.instant ?? due.date} (${due.timeZone}).` : `It has no date now${waitsFor(contingent)}.`,
    ...(dates.length > 1 ? [`Its dates so far: ${dates.join(', ')}.`] : []),
    ...(obligated.length > 0 ? [`Obligated: ${obligated.join(', ')}.`] : []),
    ...trace.map(({ step, gives, authority }) => `${step}: ${gives} (${authority})`),
    `As of ${asOf}.`,
  ];
  return lines.join('\n');
}

const waitsFor = (contingent: string | undefined): string =>
  contingent === undefined ? '' : `; it waits for ${contingent}`;

function instantOf(asOf: string): Date {
  return new Date(isCivilDate(asOf) ? `${asOf}T23:59:59Z` : asOf);
}
