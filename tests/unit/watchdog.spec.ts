import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const thread = fileURLToPath(new URL('../support/watchdog-thread.ts', import.meta.url));

/** Runs this as a test file would be run, watched. */
function watched(body: string, limits: { readonly blockedMs: number; readonly fileMs: number }): Outcome {
  const workerData = JSON.stringify({ file: 'some.spec.ts', ...limits });
  const source = `
    import { Worker } from 'node:worker_threads';
    const thread = new Worker(${JSON.stringify(thread)}, { execArgv: [], workerData: ${workerData} });
    thread.unref();
    setInterval(() => thread.postMessage('a test'), 100);
    thread.postMessage('a test');
    setTimeout(${body}, 500);`;
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    encoding: 'utf8',
    timeout: 50_000,
    killSignal: 'SIGINT',
  });
  return { signal, stderr };
}

interface Outcome {
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

describe('the watchdog of the tests', () => {
  it.each([
    ['a loop', 'function round() { for (;;); }'],
    ['promises that are always ready', 'async function round() { for (;;) await null; }'],
  ])('ends a test that holds up its process in %s, and says where', (_, body) => {
    const { signal, stderr } = watched(body, { blockedMs: 2000, fileMs: 60_000 });
    expect(stderr).toContain('some.spec.ts\n  held up its process for 2 s, in: a test\n');
    expect(stderr).toContain('at round (');
    expect(signal).toBe('SIGKILL');
  });

  it('ends a file that goes on for ever', () => {
    const { signal, stderr } = watched('() => {}', { blockedMs: 20_000, fileMs: 2000 });
    expect(stderr).toContain('some.spec.ts\n  was not done after 2 s, in: a test\n');
    expect(signal).toBe('SIGKILL');
  });
});
