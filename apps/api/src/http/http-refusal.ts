import type { ProblemDetails, ProblemRule } from '#libs/contract';

interface More {
  readonly headers?: Readonly<Record<string, string>>;
  readonly details?: ProblemDetails;
}

/** A request refused for its HTTP side, before the record was asked. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly rule: ProblemRule;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: ProblemDetails;

  constructor(rule: ProblemRule, detail: string, { headers = {}, details = {} }: More = {}) {
    super(detail);
    this.rule = rule;
    this.headers = headers;
    this.details = details;
  }
}
