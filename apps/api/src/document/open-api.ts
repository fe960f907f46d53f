import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiParameters, openApiSchemas, type ProblemRule, problems } from '#libs/contract';
import { packageVersion } from '../composition/package-root.ts';
import type { CallOptions, Named, Result } from '../http/call.ts';
import type { Route } from '../http/routes.ts';
import { answerSchemas } from './schemas/answers.ts';
import { ref, type Schema, slug, text } from './schemas/words.ts';

const JSON_MEDIA = 'application/json';
const PROBLEM_MEDIA = 'application/problem+json';

/** What a request header asks for, in the document's words. */
const requestHeaders: Readonly<Record<string, Schema>> = {
  'If-Match': { ...text, description: 'The revision the writer saw, in quotes. Another one now: 412.' },
  'Idempotency-Key': {
    ...text,
    maxLength: 200,
    description: 'The same key with the same body answers the same again.',
  },
  'Last-Event-ID': { ...text, description: 'The last position that was received.' },
};

const responseHeaders: Readonly<Record<string, string>> = {
  ETag: 'For If-None-Match; a matter’s own is its revision.',
  Location: 'Where it can be read.',
};

/** The routes as they are registered, as an OpenAPI 3.1 document. */
export function openApiDocument(routes: readonly Route[]): OpenAPIObject {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const { method, path, call } of routes) {
    const template = path.replaceAll(/:(\w+)/g, '{$1}').replace(/\/\*$/, '/{rest}');
    paths[template] = { ...paths[template], [method.toLowerCase()]: operationOf(path, call) };
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Inforce',
      version: packageVersion(),
      description: 'Is a law enforced today, against whom, until when, and because of what? And what did we know when?',
    },
    paths: sorted(paths),
    components: {
      schemas: sorted(referredTo(paths, { ...openApiSchemas(), ...answerSchemas })),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        feedToken: { type: 'apiKey', in: 'query', name: 'token' },
      },
    },
  };
  // As JSON, so that what is served, shown and committed is one thing.
  const plain: OpenAPIObject = JSON.parse(JSON.stringify(document));
  return plain;
}

function operationOf(path: string, call: CallOptions): Schema {
  const words = [call.about, keyWords(call)].filter((each) => each !== undefined);
  return {
    operationId: call.id,
    tags: [call.tag],
    summary: call.summary,
    ...(words.length > 0 && { description: words.join(' ') }),
    parameters: parametersOf(path, call),
    ...(call.body !== undefined && {
      requestBody: { required: true, content: { [JSON_MEDIA]: { schema: ref(call.body) } } },
    }),
    responses: responsesOf(call),
    security: securityOf(call),
  };
}

function keyWords({ access }: CallOptions): string | undefined {
  if (access === 'open' || access === 'read' || access === 'feed') return undefined;
  return access === 'key' ? 'Needs a key.' : `Needs a key with the role ${access}.`;
}

/** An empty requirement: it can be called without a key, too. */
function securityOf({ access }: CallOptions): readonly Schema[] {
  if (access === 'open') return [];
  if (access === 'feed') return [{}, { key: [] }, { feedToken: [] }];
  return access === 'read' ? [{}, { key: [] }] : [{ key: [] }];
}

function parametersOf(path: string, { query, requestHeaders: headers = [] }: CallOptions): readonly object[] {
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: slug }));
  const inPath = path.endsWith('/*') ? [{ name: 'rest', in: 'path', required: true, schema: text }] : named;
  const inHeader = headers.map((name) => {
    const { description, ...schema } = requestHeaders[name] ?? text;
    return { name, in: 'header', required: false, description, schema };
  });
  return [...inPath, ...(query === undefined ? [] : (openApiParameters()[query] ?? [])), ...inHeader];
}

function responsesOf(call: CallOptions): Record<string, Schema> {
  const responses: Record<string, Schema> = {};
  for (const [status, rules] of Map.groupBy(refusalsOf(call), statusOf)) responses[String(status)] = refusal(rules);
  for (const result of call.results) responses[String(result.status)] = response(result);
  return responses;
}

function response({ about, schema, lines = 'Event', mediaTypes = [JSON_MEDIA], headers = [] }: Result): Schema {
  const shape = schema === undefined ? text : ref(schema);
  const hasBody = schema !== undefined || mediaTypes[0] !== JSON_MEDIA;
  const content = Object.fromEntries(
    mediaTypes.map((type) => [type, { schema: type === 'application/x-ndjson' ? ref(lines) : shape }]),
  );
  const described = headers.map((name) => [name, { description: responseHeaders[name] ?? '', schema: text }]);
  return {
    description: about,
    ...(described.length > 0 && { headers: Object.fromEntries(described) }),
    ...(hasBody && { content }),
  };
}

const missing: Readonly<Record<Named, ProblemRule>> = {
  matter: 'unknown-matter',
  entry: 'unknown-matter',
  event: 'unknown-event',
  feed: 'not-found',
  tile: 'not-found',
  watch: 'unknown-watch',
};

/** Every call can be refused for these; the others are its own. */
function refusalsOf({ access, names, query, body, refusals = [] }: CallOptions): readonly Refused[] {
  const rules = new Set<ProblemRule>(refusals);
  if (access !== 'open') for (const rule of ['unauthorized', 'rate-limited'] as const) rules.add(rule);
  if (access !== 'open' && access !== 'read' && access !== 'feed') rules.add('forbidden');
  // Parameters that a call does not know, and where it is open nobody is turned away for them.
  if (access !== 'open' || query !== undefined || body !== undefined) rules.add('malformed');
  if (names) rules.add(missing[names]);
  if (body !== undefined)
    for (const rule of ['malformed-json', 'payload-too-large', 'unsupported-media-type'] as const) rules.add(rule);
  if (access !== 'open') rules.add('log-unavailable');
  if (query !== undefined && waits(query)) rules.add('not-caught-up');
  const all = [...rules].map((rule) => ({ rule, status: problems[rule].status }));
  // The path's own entry: 404 there, 422 where an entry's content names another.
  return names === 'entry' ? [...all, { rule: 'unknown-entry', status: 404 }] : all;
}

/** Whether the call can be told to wait for a position. */
function waits(query: string): boolean {
  return (openApiParameters()[query] ?? []).some((parameter) => Reflect.get(parameter, 'name') === 'minPosition');
}

interface Refused {
  readonly rule: ProblemRule;
  readonly status: number;
}

const statusOf = ({ status }: Refused): number => status;

function refusal(refused: readonly Refused[]): Schema {
  const rules = refused.map(({ rule }) => rule).toSorted();
  return { description: rules.join(', '), content: { [PROBLEM_MEDIA]: { schema: ref('Problem') } } };
}

type Schemas = Readonly<Record<string, object>>;

/** The schemas that the paths lead to; a dataset file, for one, is nothing that a call takes. */
function referredTo(paths: object, schemas: Schemas): Schemas {
  const reached: Record<string, object> = {};
  const follow = (place: object): void => {
    for (const [, name = ''] of JSON.stringify(place).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      const schema = schemas[name];
      if (!schema || reached[name]) continue;
      reached[name] = schema;
      follow(schema);
    }
  };
  follow(paths);
  return reached;
}

function sorted<Value>(members: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
