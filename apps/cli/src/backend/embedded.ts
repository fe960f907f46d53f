import { existsSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Config } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import type { Deadline, ListAnswer, Register, StatusAnswer, StatusAsked } from '#libs/register';
import { exitCode } from '../exit-code.ts';
import { CliFailure, unable } from '../failures.ts';
import type { Backend, DeadlinesAsked, ImportOptions, MatterLine, WhatIfAsked } from './backend.ts';
import { QuickRecord } from './quick-record.ts';

/** `create`: make the log when there is none. `rehearse`: as `read`, or nothing at all. `seal`: write if nobody else does. */
export type Mode = 'read' | 'write' | 'create' | 'rehearse' | 'seal';

/** No list of one matter is longer. */
const ALL = Number.MAX_SAFE_INTEGER;

export async function openEmbedded(config: Config, mode: Mode): Promise<Backend> {
  const { file } = config.log;
  if (mode === 'create') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  else if (!existsSync(file)) {
    if (mode === 'rehearse') return new EmbeddedBackend(await emptyLog(), config, false);
    const hint = 'Load one with inforce import <file>, name its directory with --data, or a server with --server.';
    throw unable(`There is no event log at ${file}.`, hint);
  }
  const readOnly = mode === 'read' || mode === 'rehearse';
  // A look at every page, before writing; it would cost a reader more than its answer.
  const check = readOnly ? 'none' : 'quick';
  try {
    return new EmbeddedBackend(await SqliteEventLog.open({ file, readOnly, check }), config, !readOnly);
  } catch (error) {
    if (mode === 'seal' && isLocked(error)) return openEmbedded(config, 'read');
    throw locked(error, config);
  }
}

/** The log itself, for reading: every page of it is looked at first. */
export async function openToAudit({ log: { file } }: Pick<Config, 'log'>): Promise<EventLog> {
  if (!existsSync(file)) throw unable(`There is no event log at ${file}.`, 'Name its directory with --data.');
  return SqliteEventLog.open({ file, readOnly: true, check: 'quick' });
}

async function emptyLog(): Promise<EventLog> {
  const { MemoryEventLog } = await import('#libs/event-log');
  return new MemoryEventLog();
}

function isLocked(error: unknown): error is Error {
  return error instanceof Error && error.name === 'LogLocked';
}

function locked(error: unknown, { host, port }: Config): unknown {
  if (!isLocked(error)) return error;
  const hint = `Let the server that holds it do this: add --server http://${host}:${port || '<port>'} and a key, or stop it first.`;
  return new CliFailure(exitCode.unable, 'log-locked', error.message, hint, { cause: error });
}

class EmbeddedBackend implements Backend {
  readonly #log: EventLog;
  readonly #config: Config;
  readonly #writes: boolean;
  readonly #quick: QuickRecord;
  #register: Promise<Register> | undefined;

  constructor(log: EventLog, config: Config, writes: boolean) {
    this.#log = log;
    this.#config = config;
    this.#writes = writes;
    this.#quick = new QuickRecord(log, Date.now);
  }

  /** Loaded when something needs it: see QuickRecord. */
  #full(): Promise<Register> {
    this.#register ??= import('#libs/register').then((door) => new door.Register({ log: this.#log, now: Date.now }));
    return this.#register;
  }

  async matter(...asked: Parameters<Backend['matter']>): ReturnType<Backend['matter']> {
    return (await this.#quick.matter(...asked)) ?? (await (await this.#full()).matter(...asked)).body;
  }

  async status(matter: string, asked: StatusAsked): Promise<StatusAnswer> {
    return (await this.#quick.status(matter, asked)) ?? (await (await this.#full()).status(matter, asked)).body;
  }

  async matters(): ReturnType<Backend['matters']> {
    const items: MatterLine[] = [];
    for (const matter of await this.#ids()) {
      const { id, title, jurisdiction, tags, revision } = await this.matter(matter, {});
      const { headline } = await this.status(matter, { clocks: {} });
      items.push({ id, title, jurisdiction, ...(tags && { tags }), revision, headline });
    }
    return { items, next: null };
  }

  async timeline(...[matter, asked]: Parameters<Backend['timeline']>): ReturnType<Backend['timeline']> {
    return (await (await this.#full()).timeline(matter, { ...asked, limit: ALL })).body;
  }

  async deadlines({ matter, ...asked }: DeadlinesAsked): Promise<ListAnswer<Deadline>> {
    const register = await this.#full();
    const one = async (id: string) => (await register.deadlines(id, { ...asked, limit: ALL })).body;
    if (matter !== undefined) return one(matter);
    return merged(await this.#everyMatter(one, asked.party ?? []), asked);
  }

  async diff(...asked: Parameters<Backend['diff']>): ReturnType<Backend['diff']> {
    return (await (await this.#full()).diff(...asked)).body;
  }

  async replay(...asked: Parameters<Backend['replay']>): ReturnType<Backend['replay']> {
    return (await (await this.#full()).replay(...asked)).steps;
  }

  async bundle(...asked: Parameters<Backend['bundle']>): ReturnType<Backend['bundle']> {
    const { embeddedBundle } = await import('./embedded-bundle.ts');
    const parts = { config: this.#config, log: this.#log, register: await this.#full(), seals: this.#writes };
    return embeddedBundle(parts, ...asked);
  }

  async whatIf(matter: string, { entries, ...asked }: WhatIfAsked): ReturnType<Backend['whatIf']> {
    const { parseWhatIf } = await import('#libs/contract');
    return (await this.#full()).whatIf(matter, parseWhatIf({ entries, ...asked }));
  }

  async record(matter: string, entry: unknown, ifMatch?: number): ReturnType<Backend['record']> {
    const { parseEntry } = await import('#libs/contract');
    const by = { actor: actor(), ...(ifMatch !== undefined && { ifMatch }) };
    return (await this.#full()).record(matter, parseEntry(entry), by);
  }

  async import(dataset: unknown, options: ImportOptions): ReturnType<Backend['import']> {
    const { parseDataset } = await import('#libs/contract');
    return (await this.#full()).importDataset(parseDataset(dataset), { actor: actor() }, options);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  /** The answers of all matters; one that does not know a party asked for has nothing to say of it. */
  async #everyMatter<Answer>(
    ask: (id: string) => Promise<Answer>,
    parties: readonly string[],
  ): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    for (const id of await this.#ids()) {
      const known = new Set((await this.matter(id, {})).parties.map((each) => each.id));
      if (parties.every((party) => known.has(party))) answers.push(await ask(id));
    }
    return answers;
  }

  async #ids(): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const { type, stream } of this.#log.readAll({ filter: { streamPrefixes: ['matter-'] } })) {
      if (type === 'MatterOpened') ids.push(stream.slice('matter-'.length));
    }
    return ids.toSorted();
  }
}

/** All deadlines by due date, those that wait last. */
function merged(lists: readonly ListAnswer<Deadline>[], { clocks }: DeadlinesAsked): ListAnswer<Deadline> {
  const items = lists
    .flatMap((list) => list.items)
    .toSorted((one, other) => (dueDate(one) < dueDate(other) ? -1 : Number(dueDate(one) > dueDate(other))));
  const newest = lists.map((list) => list.clocks).toSorted((one, other) => (one.knownAt < other.knownAt ? 1 : -1))[0];
  const now = new Date().toISOString();
  return {
    clocks: newest ?? {
      at: clocks.at ?? now.slice(0, 10),
      knownAt: clocks.knownAt ?? now,
      publishedBy: clocks.publishedBy ?? null,
    },
    items,
    next: null,
  };
}

function dueDate({ due }: Deadline): string {
  return due?.date ?? '~';
}

/** Who the record says it was. */
function actor(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A user id without a name, as in some containers.
    return 'cli';
  }
}
