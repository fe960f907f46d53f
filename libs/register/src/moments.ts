import type { CivilDate } from '#libs/calendar';
import type { FiledEvent } from './shapes.ts';
import type { View } from './view.ts';

/** What one event did to the belief. Where several happen in one moment, they do it in this order. */
export interface Happening {
  readonly event: FiledEvent;
  readonly kind: 'recorded' | 'corrected' | 'retracted' | 'party-added';
  /** The belief just after it, before what else the moment brings. */
  readonly view: View;
  /** It was not public by the day asked about: worth a word only where it changed something all the same. */
  readonly silent: boolean;
}

/** Everything that came to be known, or to be public, at once: nobody could ask between. */
export interface Moment {
  readonly day: CivilDate;
  readonly happenings: readonly Happening[];
  readonly view: View;
}

/** A matter's moments in their order, and the view before the first of them. */
export interface Moments {
  readonly before: View;
  readonly moments: Iterable<Moment>;
}

export function kindOf({ type }: FiledEvent): Happening['kind'] | 'opened' {
  switch (type) {
    case 'MatterOpened':
      return 'opened';
    case 'PartyAdded':
      return 'party-added';
    case 'EntryCorrected':
      return 'corrected';
    case 'EntryRetracted':
      return 'retracted';
    default:
      return 'recorded';
  }
}
