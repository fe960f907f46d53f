import { type Sealed, SealingHeld } from '#libs/evidence';
import { HttpRefusal } from '../http/http-refusal.ts';
import type { Sealing } from './sealing.ts';

/** A checkpoint over everything that is in the log now. @throws HttpRefusal */
export async function sealed({ sealer }: Sealing): Promise<Sealed> {
  const found = await unlessHeld(() => sealer.seal());
  if (found) return found;
  throw new HttpRefusal('not-sealed', 'There is nothing to seal yet.');
}

/** @throws HttpRefusal where nothing is to be signed just now */
export async function unlessHeld<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SealingHeld) throw new HttpRefusal('sealing-held', error.message);
    throw error;
  }
}
