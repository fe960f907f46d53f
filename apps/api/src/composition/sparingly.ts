/** How long a line is not said again, in milliseconds. */
const QUIET_MS = 10_000;
const MOST_LINES = 256;

/** The same line at most once in ten seconds: in an outage every reader of the log finds out the same, several times a second. */
export function sparingly(say: (line: string) => void, now = (): number => performance.now()): (line: string) => void {
  const said = new Map<string, number>();
  return (line) => {
    const time = now();
    const last = said.get(line);
    if (last !== undefined && time - last < QUIET_MS) return;
    // The oldest goes first: a line that is said again moves to the end.
    said.delete(line);
    said.set(line, time);
    for (const oldest of said.keys()) {
      if (said.size <= MOST_LINES) break;
      said.delete(oldest);
    }
    say(line);
  };
}
