import { exitCode, type ExitCode } from './exit-code.ts';

/** Why a command did not do what it was asked to, in the words for whoever typed it. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly code: ExitCode;
  /** Kebab-case; the last part of the problem type. */
  readonly rule: string;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(code: ExitCode, rule: string, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.rule = rule;
    this.hint = hint;
  }
}

export function usage(message: string, hint?: string): CliFailure {
  return new CliFailure(exitCode.usage, 'usage', message, hint);
}

export function unable(message: string, hint?: string, cause?: unknown): CliFailure {
  return new CliFailure(exitCode.unable, 'unavailable', message, hint, { cause });
}

export function refused(rule: string, message: string, hint?: string): CliFailure {
  return new CliFailure(exitCode.refused, rule, message, hint);
}

/** A server’s answer that is a problem (RFC 9457). */
export class ServerProblem extends CliFailure {
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(code: ExitCode, problem: Readonly<Record<string, unknown>>, rule: string, detail: string) {
    super(code, rule, detail);
    this.problem = problem;
  }
}
