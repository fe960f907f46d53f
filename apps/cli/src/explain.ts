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
  if (error instanceof ServerProblem) {
    return { ...own(error), ...advice(error.rule), errors: faults(error.problem), problem: error.problem };
  }
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
    case 'EvidenceUnusable':
    case 'SecretUnusable':
    case 'VaultError':
    case 'SealingHeld':
      return { code: exitCode.unable, rule: 'log-unavailable', detail, errors: [] };
    case 'WrongRevision':
    case 'EventIdTaken':
    case 'RecordedEarlier':
      return { code: exitCode.refused, rule: textOf(error, 'code') ?? 'refused', detail, errors: [] };
    case 'NotFound':
    case 'Refusal':
    case 'UnknownParty':
    case 'RevisionConflict':
    case 'WatchRefusal':
    case 'IdempotencyKeyReused':
    case 'Malformed':
      return refusal(error, detail);
    default:
      return fileTrouble(error);
  }
}

function refusal(error: Error, detail: string): Explained {
  const rule = textOf(error, 'rule') ?? 'refused';
  const errors = faults(error);
  // As a server's answer is told: what was wrong stood in an option, not in a file.
  const usage = error.name === 'Malformed' && errors.some(({ parameter }) => parameter !== undefined);
  return { code: usage ? exitCode.usage : exitCode.refused, rule, detail, errors, ...advice(rule) };
}

const advices: Readonly<Record<string, string | undefined>> = {
  'unknown-matter': 'inforce matters lists those there are.',
  unauthorized: 'Set INFORCE_KEY, or give --key. inforce key create makes a key, where the server runs.',
  forbidden: 'inforce key create --role makes a key that may, where the server runs.',
};

function advice(rule: string): { readonly hint?: string } {
  const hint = advices[rule];
  return hint === undefined ? {} : { hint };
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
