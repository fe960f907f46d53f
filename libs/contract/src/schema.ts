import { getMetadataStorage } from 'class-validator';
import { validationMetadataArrayToSchemas } from 'class-validator-jsonschema';
import { CorrectionDto, DatasetDto, MatterDto, PartyDto, RetractionDto, WhatIfDto } from './body-dto.ts';
import { CosignaturesDto, ErasureDto } from './evidence-dto.ts';
import { calls } from './query.ts';
import { type DtoClass, type Field, ruleNames, type Schema, type Shape, shapes } from './shape.ts';
import type { Slot } from './slot.ts';
import { ReplayDto, WatchChangeDto, WatchDto } from './watch-dto.ts';

type Metadata = Parameters<typeof validationMetadataArrayToSchemas>[0];

interface ObjectSchema extends Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}

/** Where references point, and whether the reader knows OpenAPI's `discriminator`. */
interface Dialect {
  readonly prefix: string;
  readonly discriminators: boolean;
}

/** JSON Schema 2020-12 of a dataset file. */
export function datasetSchema(): object {
  const { Dataset, ...definitions } = schemasOf([DatasetDto], { prefix: '#/$defs/', discriminators: false });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:inforce:schema:dataset',
    ...Dataset,
    title: 'Inforce dataset',
    $defs: definitions,
  };
}

/** Component schemas for OpenAPI 3.1, of every body. */
export function openApiSchemas(): Record<string, object> {
  const record = [MatterDto, PartyDto, CorrectionDto, RetractionDto, WhatIfDto, DatasetDto];
  const bodies = [...record, CosignaturesDto, ErasureDto, WatchDto, WatchChangeDto, ReplayDto];
  return schemasOf(bodies, { prefix: '#/components/schemas/', discriminators: true });
}

/** The query parameters of each call, for OpenAPI 3.1; lists are comma lists. */
export function openApiParameters(): Record<string, object[]> {
  const dialect = { prefix: '', discriminators: false };
  return Object.fromEntries([...calls].map(([name, target]) => [name, parametersOf(classSchema(target, dialect))]));
}

function parametersOf({ properties, required }: ObjectSchema): object[] {
  const parameters: object[] = [];
  for (const [name, { description, ...schema }] of Object.entries(properties)) {
    const words = description !== undefined && { description };
    const commaList = schema['type'] === 'array' && { style: 'form', explode: false };
    parameters.push({ name, in: 'query', required: required.includes(name), ...words, ...commaList, schema });
  }
  return parameters;
}

function shapeOf(target: DtoClass): Shape {
  const found = shapes.get(target);
  if (!found) throw new TypeError(`${target.name} has no shape.`);
  return found;
}

/** The schemas of these classes and of all that they hold. */
function schemasOf(roots: readonly DtoClass[], dialect: Dialect): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  const pending = [...roots];
  for (let target = pending.pop(); target; target = pending.pop()) {
    const name = nameOf(target);
    if (schemas[name]) continue;
    schemas[name] = classSchema(target, dialect);
    for (const { slot } of shapeOf(target).fields.values()) {
      if (!slot) continue;
      if (slot.name) schemas[slot.name] ??= unionSchema(slot, dialect);
      pending.push(...slot.classes);
    }
  }
  return Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const nameOf = (target: DtoClass): string => target.name.replace(/Dto$/, '');

function classSchema(target: DtoClass, dialect: Dialect): ObjectSchema {
  const { about, fields, exactlyOne } = shapeOf(target);
  const fromRules = validationMetadataArrayToSchemas(metadataOf(target), { additionalConverters: converters(dialect) });
  const { properties = {}, required = [] } = fromRules[target.name] ?? {};
  const described: Record<string, Schema> = {};
  for (const [key, field] of fields)
    described[key] = { ...properties[key], ...(field.about && { description: field.about }) };
  return {
    type: 'object',
    title: nameOf(target),
    description: about,
    properties: described,
    required: required.filter((key) => !exactlyOne.includes(key)),
    // A dataset file may carry its author's notes beside the record.
    additionalProperties: target === DatasetDto,
    ...(exactlyOne.length > 0 && { oneOf: exactlyOne.map((key) => ({ required: [key] })) }),
  };
}

/** class-validator keeps the name of a custom check beside the check; the converters look for it as the type. */
function metadataOf(target: DtoClass): Metadata {
  const storage = getMetadataStorage();
  return storage.getTargetValidationMetadatas(target, '', true, false).map((metadata) => {
    const [constraint] = storage.getTargetValidatorConstraints(metadata.constraintCls);
    return Object.assign(Object.create(metadata), { type: constraint?.name ?? metadata.type });
  });
}

type Converter = (metadata: Metadata[number]) => Schema;
const fromRule: Converter = ({ constraints }) => constraints[0];

function converters(dialect: Dialect) {
  const fromSlot: Converter = ({ target, propertyName }) => {
    const field = [...shapes].find(([known]) => known === target)?.[1].fields.get(propertyName);
    return field ? fieldSchema(field, dialect) : {};
  };
  return { ...Object.fromEntries([...ruleNames].map((name) => [name, fromRule])), nestedValidation: fromSlot };
}

function fieldSchema({ slot, list, least = 0 }: Field, dialect: Dialect): Schema {
  if (!slot) return {};
  const [only] = slot.classes;
  const name = slot.name ?? (only ? nameOf(only) : '');
  const item = { $ref: `${dialect.prefix}${name}` };
  return list ? { type: 'array', items: item, ...(least > 0 && { minItems: least }) } : item;
}

function unionSchema(slot: Slot, { prefix, discriminators }: Dialect): Schema {
  const references = slot.classes.map((target) => ({ $ref: `${prefix}${nameOf(target)}` }));
  const words = slot.about && { description: slot.about };
  if (!slot.discriminator) return { ...words, anyOf: slot.plain ? [slot.plain, ...references] : references };
  const { field, values } = slot.discriminator;
  const mapping = Object.fromEntries([...values].map(([value, target]) => [value, `${prefix}${nameOf(target)}`]));
  return { ...words, oneOf: references, ...(discriminators && { discriminator: { propertyName: field, mapping } }) };
}
