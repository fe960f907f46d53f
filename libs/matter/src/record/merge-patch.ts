/** A patched value of the same kind; whoever decides checks that it still is one. */
export function patched<T>(target: T, patch: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the door parses the result again before it is decided
  return mergePatch(target, patch) as T;
}

/** RFC 7386: objects merge, null removes, everything else (arrays too) is replaced whole. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
