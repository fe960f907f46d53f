/** A setting that cannot be used: one plain sentence that names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly variable: string;

  constructor(variable: string, complaint: string) {
    super(`${variable} ${complaint}`);
    this.variable = variable;
  }
}
