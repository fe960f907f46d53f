import type { Json, NewEvent, RecordedEvent } from '#libs/event-log';
import type { Alert } from '../alert.ts';
import type { PlannedAlert } from '../plan/planned.ts';

export const ALERT_STREAMS = 'alert-';

export function alertStream(id: string): string {
  return `${ALERT_STREAMS}${id}`;
}

/** Later than this after it fell due, an alert says so. */
const LATE_MS = 15 * 60_000;

/** The event has the id of the alert: whoever raises it again appends what the log holds already. */
export function alertRaised(planned: PlannedAlert, now: number): NewEvent {
  const late = now - Date.parse(planned.dueAt) > LATE_MS;
  // Its words are of the day on which it was due: “tomorrow” may be today by now.
  const text = late ? `Told late, as of ${planned.dueAt.replace('.000', '')}: ${planned.text}` : planned.text;
  const alert: Alert = { ...planned, late, text };
  const data: Json = JSON.parse(JSON.stringify(alert));
  return { id: alert.id, type: 'AlertRaised', schema: 1, data, meta: { actor: 'alerts' } };
}

/** The alert that an event raised; undefined for one that only a newer version of this program can read. */
export function raisedBy({ stream, type, schema, data }: RecordedEvent): Alert | undefined {
  if (!stream.startsWith(ALERT_STREAMS) || type !== 'AlertRaised' || schema !== 1) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this library alone writes these streams
  return data as unknown as Alert;
}
