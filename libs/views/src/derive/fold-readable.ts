import { evolve, fold, type MatterLogged, type MatterRecord } from '#libs/matter';
import type { Problem } from './histories.ts';

/** Folds what can be folded; an event on which the fold throws is left out and named. */
export function foldReadable(events: readonly MatterLogged[]): {
  readonly record: MatterRecord | undefined;
  readonly refused: readonly Problem[];
} {
  try {
    return { record: fold(events), refused: [] };
  } catch {
    let record: MatterRecord | undefined;
    const refused: Problem[] = [];
    for (const event of events) {
      try {
        record = evolve(record, event);
      } catch (error) {
        refused.push(problemWith(event, error));
      }
    }
    return { record, refused };
  }
}

export function problemWith(event: MatterLogged, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  return { position: event.position, eventId: event.id, reason: `${event.type}: ${reason}` };
}
