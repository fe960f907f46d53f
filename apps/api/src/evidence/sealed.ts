import { type Sealed, SealingHeld } from '#libs/evidence';
import { HttpRefusal } from '../http/http-refusal.ts';
import type { Sealing } from './sealing.ts';

/** A checkpoint over everything that is in the log now. @throws HttpRefusal */
export async function sealed({ sealer }: Sealing): Promise<Sealed> {
  try {
    const found = await sealer.seal();
    if (found) return found;
  } catch (error) {
    if (error instanceof SealingHeld) throw new HttpRefusal('sealing-held', error.message);
    throw error;
  }
  throw new HttpRefusal('not-sealed', 'There is nothing to seal yet.');
}
