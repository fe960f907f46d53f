// A process of its own that writes to a log and seals it, until it is killed.
import { writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { uuidv7 } from '#libs/event-log';
import { SqliteEventLog } from '#libs/event-log-sqlite';
import { Evidence, Sealer, SigningKeys, writeCheckpoint } from '#libs/evidence';

const [file = ''] = process.argv.slice(2);
const log = await SqliteEventLog.open({ file });
const evidence = Evidence.open({ file: join(dirname(file), 'evidence.db'), log, pageSize: 16 });
const sealer = new Sealer({ log, evidence, keys: new SigningKeys('7'.repeat(32)), now: Date.now });
evidence.onCheckpoint((checkpoint) => writeCheckpoint(join(dirname(file), 'witness'), checkpoint));
evidence.start();
// Synchronous: what was said has left the process, whatever happens to it next.
writeSync(1, 'open\n');

async function write(stream: string): Promise<never> {
  for (let revision: number | undefined; ;) {
    const events = Array.from({ length: 1 + Math.floor(Math.random() * 5) }, () => ({
      id: uuidv7(),
      type: 'Written',
      schema: 1,
      data: { text: 'x'.repeat(Math.floor(Math.random() * 2000)) },
      meta: null,
    }));
    revision = (await log.append(stream, revision === undefined ? 'no-stream' : { revision }, events)).revision;
  }
}

async function seal(): Promise<never> {
  for (;;) {
    const sealed = await sealer.seal();
    if (sealed?.made) writeSync(1, `${JSON.stringify(sealed.checkpoint.note)}\n`);
    // With nothing new to seal it would not wait for anything.
    await nextTurn();
    if (Math.random() < 0.02) await sealer.rotate().catch(() => {});
  }
}

await Promise.all([...['a', 'b', 'c'].map((name) => write(`matter-${name}-${process.pid}`)), seal()]);
