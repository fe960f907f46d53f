// A process of its own that writes to a log: `forever` until it is killed, or one batch for each number on stdin.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { uuidv7, type EventLog, type NewEvent } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';

const [file = '', mode = ''] = process.argv.slice(2);

function say(line: string): void {
  // Synchronous: what was said has left the process, whatever happens to it next.
  writeSync(1, `${line}\n`);
}

function aBatch(size: number): NewEvent[] {
  const batch = uuidv7();
  const text = 'x'.repeat(Math.floor(Math.random() * 2000));
  return Array.from({ length: size }, (_, index) => ({
    id: uuidv7(),
    type: 'Written',
    schema: 1,
    data: { batch, size, index, text },
    meta: null,
  }));
}

async function appendForever(log: EventLog, stream: string): Promise<never> {
  for (let revision: number | undefined; ;) {
    const batch = aBatch(1 + Math.floor(Math.random() * 5));
    const appended = await log.append(stream, revision === undefined ? 'no-stream' : { revision }, batch);
    revision = appended.revision;
    say(JSON.stringify(batch.map(({ id }) => id)));
    // Now and then the writers of one group come apart.
    if (Math.random() < 0.2) await nextTurn();
  }
}

const log = await SqliteEventLog.open({ file });
say('open');
if (mode === 'forever') {
  await Promise.all(['a', 'b', 'c'].map((name) => appendForever(log, `matter-${name}-${process.pid}`)));
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    const { position } = await log.append(`matter-${uuidv7()}`, 'no-stream', aBatch(Number(line)));
    say(position.toString());
  }
  await log.close();
  say('closed');
}
