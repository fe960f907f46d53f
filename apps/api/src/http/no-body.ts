import { Malformed } from '#libs/contract';

/** @throws Malformed for a body where there is nothing to say. */
export function noBody(body: unknown): void {
  const empty = body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0);
  if (!empty) throw new Malformed([{ pointer: '', message: 'must be empty, or left out' }]);
}
