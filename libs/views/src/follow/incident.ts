import type { Pinned } from '#libs/event-log';

/** The log no longer holds, at its place, an event that was taken in from there. */
export class LogPutBack extends Error {
  override readonly name = 'LogPutBack';
  readonly event: Pinned;

  constructor(event: Pinned) {
    const { id, stream, revision, position } = event;
    super(
      `The log no longer holds event ${id} (${stream}, revision ${revision}) at position ${position}: it was put back, or lost what it had acknowledged.`,
    );
    this.event = event;
  }
}
