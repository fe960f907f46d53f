// A test that holds up its process cannot be ended by Jest, whose own time limits wait for the same event loop: the run
// would go on without a word until somebody ends it. So every test file is watched from a thread beside it, which says
// where it stands, and ends the process; Jest then counts the file as failed and goes on.
import { Worker } from 'node:worker_threads';
import { afterAll, beforeEach, expect } from '@jest/globals';

const BEAT_MS = 1000;
/** Without a turn of the event loop. */
const BLOCKED_MS = 120_000;
/** For one file in all: several times what the longest takes. A real server may be given far more to do. */
const FILE_MS = process.env['INFORCE_TEST_KURRENTDB'] === undefined ? 900_000 : Number.MAX_SAFE_INTEGER;

const { testPath = '' } = expect.getState();
const thread = new Worker(new URL('watchdog-thread.ts', import.meta.url), {
  workerData: { file: testPath, blockedMs: BLOCKED_MS, fileMs: FILE_MS },
  execArgv: [],
});
thread.unref();
let test = '';
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const beat = (): void => thread.postMessage(test);
const beating = setInterval(beat, BEAT_MS).unref();

beforeEach(() => {
  test = expect.getState().currentTestName ?? '';
  beat();
});

afterAll(async () => {
  clearInterval(beating);
  await thread.terminate();
});
