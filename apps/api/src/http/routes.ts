import type { FastifyInstance } from 'fastify';
import type { CallOptions } from './call.ts';

/** A route as it was registered. */
export interface Route {
  readonly method: string;
  /** Parameters as `:name`. */
  readonly path: string;
  readonly call: CallOptions;
}

/** What is routed: for the API document, and for telling a wrong method from a wrong address. */
export class Routes {
  readonly calls: Route[] = [];
  readonly #methods = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  static of(http: FastifyInstance): Routes {
    const routes = new Routes();
    http.addHook('onRoute', ({ method, url, config }) => {
      for (const each of [method].flat()) routes.#add(each, url, config?.call);
    });
    return routes;
  }

  /** The methods that this path takes, if any. */
  methodsOf(path: string): readonly string[] {
    for (const { pattern, methods } of this.#methods.values()) if (pattern.test(path)) return [...methods].toSorted();
    return [];
  }

  #add(method: string, path: string, call: CallOptions | undefined): void {
    const known = this.#methods.get(path) ?? { pattern: patternOf(path), methods: new Set() };
    known.methods.add(method);
    this.#methods.set(path, known);
    if (call && method !== 'HEAD') this.calls.push({ method, path, call });
  }
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('/')}$`);
}
