import { exitCode, type ExitCode } from '../exit-code.ts';
import { type CliFailure, ServerProblem, unable, usage } from '../failures.ts';

export type Query = Readonly<Record<string, string | undefined>>;

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

const PATIENCE_MS = 30_000;

/** HTTP as the contract has it: JSON both ways, problems as problems. */
export class ServerCalls {
  readonly #base: URL;
  readonly #key: string | undefined;

  constructor(url: string, key: string | undefined) {
    const base = URL.canParse(url) ? new URL(url.endsWith('/') ? url : `${url}/`) : undefined;
    if (base?.protocol !== 'http:' && base?.protocol !== 'https:') {
      throw usage(`--server is the address of a server, such as http://127.0.0.1:3000, not “${url}”.`);
    }
    if (base.username !== '' || base.password !== '')
      throw usage('--server takes no name and no password; a key goes into --key or INFORCE_KEY.');
    this.#base = base;
    this.#key = key;
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names what the contract says the call answers
  async get<Body>(path: string, query: Query): Promise<Body> {
    return (await this.#call<Body>(this.#at(path, query), {})).body;
  }

  /** The very bytes. */
  async bytes(path: string, query: Query): Promise<Uint8Array> {
    const response = await this.#begin(this.#at(path, query), { headers: this.#headers });
    if (!response.ok) throw this.#refusal(response.status, parsed(await response.text()));
    return new Uint8Array(await response.arrayBuffer());
  }

  /** NDJSON, line by line as it comes. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
  async lines<Line>(path: string, query: Query): Promise<AsyncIterable<Line>> {
    const headers = { ...this.#headers, accept: 'application/x-ndjson, application/problem+json' };
    const response = await this.#begin(this.#at(path, query), { headers });
    if (!response.ok || !response.body) throw this.#refusal(response.status, parsed(await response.text()));
    return linesOf<Line>(response.body, this.#base.origin);
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
  post<Body>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer<Body>> {
    const init = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    };
    return this.#call(new URL(path, this.#base), init);
  }

  async delete(path: string): Promise<void> {
    await this.#call(new URL(path, this.#base), { method: 'DELETE' });
  }

  async #call<Body>(
    url: URL,
    init: { method?: string; body?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<Answer<Body>> {
    const headers = { ...this.#headers, ...init.headers };
    const { status, text } = await this.#send(url, { ...init, headers });
    // RFC 9110 §15.3.5: there is nothing to say.
    const body = status === 204 ? {} : parsed(text);
    if (status >= 200 && status < 300 && body !== undefined) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server is the same program
      return { status, body: body as Body };
    }
    throw this.#refusal(status, body);
  }

  #at(path: string, query: Query): URL {
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  get #headers(): Readonly<Record<string, string>> {
    return {
      accept: 'application/json, application/problem+json',
      ...(this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` }),
    };
  }

  #refusal(status: number, body: unknown): CliFailure {
    return isProblem(body)
      ? problem(status, body)
      : unable(`${this.#base.origin} answered ${status}, and not as an Inforce server does.`);
  }

  /** An answer of any length: only its beginning has to come in time. */
  async #begin(url: URL, init: RequestInit): Promise<Response> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(new DOMException('', 'TimeoutError')), PATIENCE_MS);
    try {
      return await fetch(url, { ...init, signal: patience.signal });
    } catch (error) {
      throw this.#unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #send(url: URL, init: RequestInit): Promise<{ readonly status: number; readonly text: string }> {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  #unreachable(error: unknown): CliFailure {
    return unable(
      `${this.#base.origin} cannot be reached: ${reason(error)}.`,
      'Is the server running? inforce serve starts one.',
      error,
    );
  }
}

async function* linesOf<Line>(body: ReadableStream<Uint8Array>, origin: string): AsyncGenerator<Line, void> {
  let rest = '';
  try {
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const item: Line = JSON.parse(line);
        yield item;
      }
    }
  } catch (error) {
    throw unable(`The answer of ${origin} broke off: ${reason(error)}.`, undefined, error);
  }
  if (rest !== '') throw unable(`The answer of ${origin} broke off in the middle of a line.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type ProblemBody = Readonly<Record<string, unknown>>;

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'detail' in body && 'rule' in body;
}

function problem(status: number, body: ProblemBody): ServerProblem {
  const { rule, detail, title } = body;
  return new ServerProblem(
    codeOf(status, body),
    body,
    typeof rule === 'string' ? rule : 'refused',
    String(detail ?? title),
  );
}

function codeOf(status: number, { errors }: ProblemBody): ExitCode {
  if (status >= 500 || status === 429 || status === 408) return exitCode.unable;
  const parameters =
    Array.isArray(errors) &&
    errors.some((each: unknown) => typeof each === 'object' && each !== null && 'parameter' in each);
  return status === 400 && parameters ? exitCode.usage : exitCode.refused;
}

/** What fetch hides behind “fetch failed”. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer in ${PATIENCE_MS / 1000} seconds`;
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? cause.message : error.message;
}
