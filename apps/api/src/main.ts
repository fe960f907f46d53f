import { KeyStoreFailure } from '#libs/access';
import { ConfigError, readConfig, unknownSettings } from '#libs/config';
import { EventLogError } from '#libs/event-log';
import { EvidenceUnusable } from '#libs/evidence';
import { SecretUnusable } from '#libs/vault';
import { ViewsUnusable } from '#libs/views';
import { StartFailure } from './composition/start-failure.ts';
import { createLogger, standardError } from './http/logging.ts';
import { startServer } from './server.ts';

/** CONTRACT, Command line: 2 usage or configuration, 4 could not. */
const [MISCONFIGURED, COULD_NOT] = [2, 4];
/** A stop that hangs must not outlive the patience of whoever sent the signal. */
const LAST_RESORT_MS = 4800;

const stderr = standardError();
const logger = createLogger(stderr);
const stopping = new AbortController();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function leave(code: number): never {
  stderr.flushSync();
  process.exit(code);
}

function onSignal(): void {
  if (stopping.signal.aborted) leave(COULD_NOT);
  setTimeout(() => leave(COULD_NOT), LAST_RESORT_MS).unref();
  stopping.abort();
}

/** The sentence for whoever started the service; what is nobody's mistake but ours is told whole. */
function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StartFailure) return error.message;
  if (error instanceof EventLogError || error instanceof KeyStoreFailure || error instanceof ViewsUnusable)
    return error.message;
  if (error instanceof EvidenceUnusable || error instanceof SecretUnusable) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? (error.stack ?? error.message) : `The service cannot start: ${error.message}.`;
}

async function main(): Promise<void> {
  for (const sentence of unknownSettings(process.env)) process.stderr.write(`${sentence}\n`);
  const server = await startServer(readConfig(process.env), { logger, say });
  await server.ready(stopping.signal);
  if (!stopping.signal.aborted) {
    say(`Listening on ${server.url}`);
    say(`The API is described at ${server.url}/docs`);
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  }
  await server.stop();
}

process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
process.on('unhandledRejection', (reason) => {
  logger.fatal({ err: reason }, 'a promise was rejected and nobody listened');
  leave(COULD_NOT);
});

try {
  await main();
  leave(0);
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  leave(error instanceof ConfigError ? MISCONFIGURED : COULD_NOT);
}
