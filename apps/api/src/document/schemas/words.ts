export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string' };
export const slug: Schema = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' };
export const whole: Schema = { type: 'integer' };
export const date: Schema = { type: 'string', format: 'date' };
export const instant: Schema = { type: 'string', format: 'date-time' };

export const arrayOf = (items: Schema): Schema => ({ type: 'array', items });
export const texts = arrayOf(text);
export const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const dateOrNull = nullable(date);
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** All of the properties are required but those named. */
export function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required };
}
