import type { Effect, Entry } from '#libs/matter';

/** Whether headline or deadlines can depend on an entry that no effect refers to. */
export function decisive({ effects, instrument }: Entry): boolean {
  return effects.length > 0 || instrument !== undefined;
}

/** The entries whose acts the dates of these effects are counted from. */
export function entriesNamed(effects: readonly Effect[]): ReadonlySet<string> {
  const named = new Set<string>();
  for (const effect of effects) collect(effect, named);
  return named;
}

function collect(value: unknown, named: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'entry' && typeof inner === 'string') named.add(inner);
    else if (typeof inner === 'object') collect(inner, named);
  }
}
