import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult } from './run.ts';

const ROUNDS = 31;
const WARM_UP = 3;
const AIM = 4;

const root = join(import.meta.dirname, '../..');
const main = join(root, 'dist/apps/cli/src/main.js');

/** The whole process, from the shell's point of view: start, open the log, answer, end. */
export function cli(): BenchResult {
  if (!existsSync(main)) throw new Error('The command line is measured as built: npm run build comes first.');
  const data = mkdtempSync(join(tmpdir(), 'inforce-bench-'));
  try {
    run([main, 'import', join(root, 'datasets/us-tiktok.json')], data);
    const nothing: number[] = [];
    const status: number[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
      // In turn, so that what else the machine does falls on both alike.
      const [empty, asked] = [run(['-e', '0'], data), run([main, 'status', 'us-tiktok'], data)];
      if (round < WARM_UP) continue;
      nothing.push(empty);
      status.push(asked);
    }
    const ratio = median(status) / median(nothing);
    return {
      name: 'cli',
      what: 'inforce status us-tiktok on the embedded log, the whole process',
      against: 'node -e 0',
      ratio,
      aim: AIM,
      ok: ratio <= AIM,
      detail: `${median(status).toFixed(1)} ms against ${median(nothing).toFixed(1)} ms, medians of ${ROUNDS} runs in turn`,
    };
  } finally {
    rmSync(data, { recursive: true });
  }
}

function run(words: readonly string[], data: string): number {
  const env = { PATH: process.env['PATH'], INFORCE_DATA: data };
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const took = performance.now() - started;
  if (status !== 0) throw new Error(`node ${words.join(' ')} ended with ${status}: ${stderr.toString()}`);
  return took;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN;
}
