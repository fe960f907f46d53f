import { KeyStore } from '#libs/access';
import type { Context } from '../context.ts';
import { usage } from '../failures.ts';

/** The keys lie beside the log: they are made where the server runs, not over the network. */
export async function withKeys<Result>(
  context: Context,
  readOnly: boolean,
  use: (keys: KeyStore) => Result,
): Promise<Result> {
  refuseServer(context);
  const { keysFile } = await context.config();
  const keys = KeyStore.open(keysFile, { readOnly });
  try {
    return use(keys);
  } catch (error) {
    // A name no key can have.
    throw error instanceof TypeError ? usage(error.message) : error;
  } finally {
    keys.close();
  }
}

export function refuseServer({ server }: Context): void {
  if (server !== undefined)
    throw usage('Keys are made, listed and revoked on the machine of the server, not with --server.');
}
