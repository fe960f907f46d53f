export * from './answers.ts';
export { IdempotencyKeyReused, NotFound, RevisionConflict, UnknownParty } from './errors.ts';
export { Register, type RegisterOptions } from './register.ts';
export * from './shapes.ts';
export { eventAnswer, matterStream } from './stream.ts';
