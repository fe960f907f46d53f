import { CliFailure, ServerProblem } from './failures.ts';
import { exitCode, type ExitCode } from './exit-code.ts';

/** One thing wrong, at a place in what was given. */
interface Fault {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly message: string;
}

export interface Explained {
  readonly code: ExitCode;
  readonly rule: string;
  readonly detail: string;
  readonly hint?: string;
  readonly errors: readonly Fault[];
  /** A server’s own problem, to be handed on as it is. */
  readonly problem?: Readonly<Record<string, unknown>>;
}

/**
 * What an error means to whoever typed the command. Errors of the libraries are told by their names and rules: importing
 * the libraries to ask `instanceof` would cost more than most commands.
 */
export function explain(error: unknown): Explained | undefined {
  if (error instanceof ServerProblem) return { ...own(error), errors: faults(error.problem), problem: error.problem };
  if (error instanceof CliFailure) return own(error);
  if (!(error instanceof Error)) return undefined;
  const detail = error.message;
  switch (error.name) {
    case 'ConfigError':
      return { code: exitCode.usage, rule: 'configuration', detail, errors: [] };
    case 'LogLocked':
    case 'LogUnusable':
    case 'LogUnavailable':
    case 'LogReadOnly':
    case 'KeyStoreFailure':
      return { code: exitCode.unable, rule: 'log-unavailable', detail, errors: [] };
    case 'NotFound':
    case 'Refusal':
    case 'UnknownParty':
    case 'RevisionConflict':
    case 'IdempotencyKeyReused':
    case 'Malformed':
      return {
        code: exitCode.refused,
        rule: textOf(error, 'rule') ?? 'refused',
        detail,
        errors: faults(error),
        ...advice(error),
      };
    default:
      return fileTrouble(error);
  }
}

function advice(error: Error): { readonly hint?: string } {
  return textOf(error, 'rule') === 'unknown-matter' ? { hint: 'inforce matters lists those there are.' } : {};
}

function own({ code, rule, message, hint }: CliFailure): Explained {
  return { code, rule, detail: message, errors: [], ...(hint === undefined ? {} : { hint }) };
}

/** What the system said of a file: `ENOENT: no such file or directory, open 'x.json'`. */
function fileTrouble(error: Error): Explained | undefined {
  if (textOf(error, 'syscall') === undefined) return undefined;
  const path = textOf(error, 'path');
  const [, reason = error.message] = /^[A-Z0-9]+: ([^,]+)/.exec(error.message) ?? [];
  const detail = path === undefined ? `${reason}.` : `${path}: ${reason}.`;
  return { code: exitCode.unable, rule: 'unavailable', detail, errors: [] };
}

function faults(error: object): readonly Fault[] {
  const errors: unknown = Reflect.get(error, 'errors');
  if (Array.isArray(errors)) return errors.flatMap((each: unknown) => fault(each) ?? []);
  const pointer = textOf(error, 'pointer');
  return pointer === undefined ? [] : [{ pointer, message: textOf(error, 'message') ?? '' }];
}

function fault(each: unknown): Fault | undefined {
  if (typeof each !== 'object' || each === null) return undefined;
  const [pointer, parameter] = [textOf(each, 'pointer'), textOf(each, 'parameter')];
  const place = pointer === undefined ? (parameter === undefined ? {} : { parameter }) : { pointer };
  return { ...place, message: textOf(each, 'message') ?? '' };
}

function textOf(error: object, member: string): string | undefined {
  const value: unknown = Reflect.get(error, member);
  return typeof value === 'string' ? value : undefined;
}
