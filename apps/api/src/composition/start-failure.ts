/** Why the service cannot start, in one plain sentence for whoever started it. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
