import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config, LogPlace } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import { openLog } from '../backend/open-log.ts';
import type { Copied } from '../copying/copy-log.ts';
import { exitCode } from '../exit-code.ts';
import { usage } from '../failures.ts';
import type { Command } from '../line/spec.ts';
import { CopyLine } from '../views/copy.ts';

export const copy: Command = {
  about:
    'Copies a log event by event into another store: ids, data, order and times of recording stay what they were. Reads both again at the end and compares them. What was broken off is gone on with when the same is typed again; what was recorded meanwhile is added. Log: a directory, or as in INFORCE_LOG.',
  arguments: [],
  options: [
    {
      name: 'from',
      value: '<log>',
      about: 'Default: the log that INFORCE_LOG and INFORCE_DATA name.',
      completes: 'file',
    },
    {
      name: 'to',
      value: '<log>',
      about:
        'Empty, or the beginning of the other. Default: as for --from. Others can see what is typed here: a password is better in INFORCE_LOG.',
      completes: 'file',
    },
  ],
  examples: [
    {
      line: 'inforce copy --from ./data --to /mnt/backup',
      does: 'a second embedded log, also beside a running server',
    },
    {
      line: 'INFORCE_LOG="kurrentdb://user:password@host:2113" inforce copy --from ./data',
      does: 'move house to a KurrentDB',
    },
  ],

  async run(input, context) {
    if (context.server !== undefined) throw usage('inforce copy works on the logs themselves, not with --server.');
    const config = await context.config();
    const places = { from: input.option('from'), to: input.option('to') };
    if (places.from === undefined && places.to === undefined)
      throw usage('inforce copy needs --from, --to, or both.', 'inforce copy --help shows how it is used.');
    const from = await placeOf('from', places.from, config);
    const to = await placeOf('to', places.to, config);
    if (nameOf(from) === nameOf(to)) throw usage('--from and --to name the same log.');
    const line = new CopyLine(process.stderr, context.errors);
    const copied = await withLogs(config, from, to, async (source, target) => {
      const { copyLog } = await import('../copying/copy-log.ts');
      return copyLog(source, target, (made) => line.show(made));
    }).finally(() => line.end());
    context.answer(copied, () => summary(copied));
    return copied.same ? exitCode.done : exitCode.differs;
  },
};

async function placeOf(option: string, text: string | undefined, config: Config): Promise<LogPlace> {
  if (text === undefined) return config.log;
  const { logPlace } = await import('#libs/config');
  if (/^[a-z]+(\+[a-z]+)?:/i.test(text)) return logPlace(`--${option}`, text, config.logPrefix);
  const path = resolve(text);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory())
    throw usage(`--${option}: ${text} is no directory.`, `Name a file as sqlite:${text}.`);
  return { kind: 'sqlite', file: join(path, 'events.db') };
}

function nameOf(place: LogPlace): string {
  return place.kind === 'sqlite' ? place.file : `${place.connection.reveal()} ${place.prefix}`;
}

async function withLogs<Result>(
  { host, port }: Config,
  from: LogPlace,
  to: LogPlace,
  use: (source: EventLog, target: EventLog) => Promise<Result>,
): Promise<Result> {
  await using opened = new AsyncDisposableStack();
  const source = opened.adopt(await openLog({ log: from, host, port }, 'read'), (log) => log.close());
  const target = opened.adopt(await openLog({ log: to, host, port }, 'create'), (log) => log.close());
  return await use(source, target);
}

function summary({ events, copied, source, target, same }: Copied): readonly string[] {
  const counts = `${copied} copied, ${events - copied} already there`;
  if (same) return [counts, `sha256 ${source} of both logs`];
  return [counts, `sha256 ${source} of the source`, `sha256 ${target} of the target: THEY DIFFER`];
}
