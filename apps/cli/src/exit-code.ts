export const exitCode = {
  done: 0,
  /** Not found, or refused by a rule. */
  refused: 1,
  /** Usage or configuration. */
  usage: 2,
  /** Verification failed: something is not what it should be. */
  differs: 3,
  /** I/O, network, locked. */
  unable: 4,
  /** What shells report of a process that SIGINT ended: 128 + 2. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
