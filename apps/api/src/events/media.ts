export const NDJSON = 'application/x-ndjson';

/** RFC 9110 §12.5.1, for the two forms there are: NDJSON when it is asked for by name, and not less than JSON. */
export function wantsNdjson(accept: string | undefined): boolean {
  const weights = new Map(accept?.split(',').map(range));
  const wanted = weights.get(NDJSON) ?? 0;
  return wanted > 0 && wanted >= (weights.get('application/json') ?? 0);
}

function range(text: string): [type: string, weight: number] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return [type, weight === undefined ? 1 : Number(weight) || 0];
}
