// The thread of watchdog.ts.
import { writeSync } from 'node:fs';
import { Session, type Debugger, type InspectorNotification } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';

interface Watch {
  readonly file: string;
  readonly blockedMs: number;
  readonly fileMs: number;
}

const LOOK_MS = 1000;
/** What has not stopped by then is no JavaScript. */
const STOP_MS = 5000;
const FRAMES = 12;
const MOST_STEPS = 100;

const { file, blockedMs, fileMs }: Watch = workerData;
const begun = performance.now();
let heard = begun;
let test = '';
parentPort?.on('message', (running: string) => {
  test = running;
  heard = performance.now();
});

const looking = setInterval(() => {
  const now = performance.now();
  const blocked = now - heard > blockedMs;
  if (!blocked && now - begun < fileMs) return;
  clearInterval(looking);
  const what = blocked ? `held up its process for ${blockedMs / 1000} s` : `was not done after ${fileMs / 1000} s`;
  end(`${file}\n  ${what}, in: ${test || 'nothing yet'}`);
}, LOOK_MS);

/** Stops the main thread where it is, says where that was, and ends the process. */
function end(reason: string): void {
  const urls = new Map<string, string>();
  let steps = 0;
  const session = new Session();
  session.connectToMainThread();
  session.on('Debugger.scriptParsed', ({ params }: InspectorNotification<Debugger.ScriptParsedEventDataType>) => {
    urls.set(params.scriptId, params.url);
  });
  session.on('Debugger.paused', ({ params }: InspectorNotification<Debugger.PausedEventDataType>) => {
    const frames = params.callFrames.slice(0, FRAMES).map(({ functionName, location }) => {
      const place = `${urls.get(location.scriptId) ?? ''}:${location.lineNumber + 1}`;
      return `    at ${functionName || 'a function'} (${place})`;
    });
    // Between two microtasks there is only Node to be seen.
    const onlyNode = frames.every((frame) => /\((?:node:.*)?:\d+\)$/.test(frame));
    if (onlyNode && (steps += 1) < MOST_STEPS) session.post('Debugger.stepInto');
    else kill([reason, ...frames]);
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
  setTimeout(() => kill([reason, '    it runs no JavaScript, or waits']), STOP_MS);
}

function kill(lines: readonly string[]): void {
  writeSync(2, `${lines.join('\n')}\n`);
  process.kill(process.pid, 'SIGKILL');
}
