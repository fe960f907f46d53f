import { type Command, decide, type Decision, evolve, type MatterEvent, type MatterRecord } from '#libs/matter';

/** A record in the making: commands are decided as ever, and what follows from them is kept here only. */
export class Draft {
  readonly #recordedAt: string;
  readonly #newId: () => string;
  record: MatterRecord | undefined;

  /** `recordedAt` is shown nowhere; a record cannot do without. */
  constructor(record: MatterRecord | undefined, recordedAt: string, newId: () => string) {
    this.record = record;
    this.#recordedAt = recordedAt;
    this.#newId = newId;
  }

  /** @throws Refusal; the record stays as it is. */
  take(command: Command): Decision {
    const decision = decide(this.record, command);
    if (decision.kind === 'append') for (const event of decision.events) this.#add(event);
    return decision;
  }

  #add(event: MatterEvent): void {
    const revision = this.record ? this.record.revision + 1 : 0;
    this.record = evolve(this.record, { ...event, id: this.#newId(), revision, recordedAt: this.#recordedAt });
  }
}
