/** The keys cannot be used, in one sentence for whoever runs the program. */
export class KeyStoreFailure extends Error {
  override readonly name = 'KeyStoreFailure';
}

export function failure(error: unknown, file: string): KeyStoreFailure {
  if (error instanceof KeyStoreFailure) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new KeyStoreFailure(`The keys in ${file} cannot be used: ${reason}.`, { cause: error });
}
