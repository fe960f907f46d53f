import { userInfo } from 'node:os';
import type { Config } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import type { Deadline, ListAnswer, Register, StatusAnswer, StatusAsked } from '#libs/register';
import { CliFailure } from '../failures.ts';
import type { Backend, DeadlinesAsked, ImportOptions, MatterLine, WhatIfAsked } from './backend.ts';
import { type Mode, openLog } from './open-log.ts';
import { QuickRecord } from './quick-record.ts';

/** As the log is opened; `seal`: to write if nobody else does, else to read. */
export type BackendMode = Mode | 'seal';

/** No list of one matter is longer. */
const ALL = Number.MAX_SAFE_INTEGER;

export async function openEmbedded(config: Config, mode: BackendMode): Promise<Backend> {
  if (mode === 'seal') return openToSeal(config);
  return new EmbeddedBackend(await openLog(config, mode), config, mode === 'write' || mode === 'create');
}

async function openToSeal(config: Config): Promise<Backend> {
  try {
    return await openEmbedded(config, 'write');
  } catch (error) {
    if (error instanceof CliFailure && error.rule === 'log-locked') return openEmbedded(config, 'read');
    throw error;
  }
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
    const replayed = await (await this.#full()).replay(...asked);
    const [matter, { by, clocks }] = asked;
    if (by === 'published') return replayed.steps;
    // Whoever has the log itself reads everything that it holds.
    const { alertsAbout, toldBySteps } = await import('#libs/alerts');
    return toldBySteps({ ...replayed, knownAt: clocks.knownAt }, await alertsAbout(this.#log, matter));
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
