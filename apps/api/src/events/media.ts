export const NDJSON = 'application/x-ndjson';
export const SSE = 'text/event-stream';

/** RFC 9110 §12.5.1, for the two forms there are: NDJSON when it is asked for by name, and not less than JSON. */
export function wantsNdjson(accept: string | undefined): boolean {
  return preferred(accept, ['application/json', NDJSON]) === NDJSON;
}

/** The form asked for by name with the greatest weight, of equals the last; the first where none is. */
export function preferred<Type extends string>(
  accept: string | undefined,
  [standard, ...others]: [Type, ...Type[]],
): Type {
  const weights = new Map(accept?.split(',').map(range));
  let best = standard;
  for (const type of others) {
    const weight = weights.get(type) ?? 0;
    if (weight > 0 && weight >= (weights.get(best) ?? 0)) best = type;
  }
  return best;
}

function range(text: string): [type: string, weight: number] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return [type, weight === undefined ? 1 : Number(weight) || 0];
}
