import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '#libs/config';
import { ApiModule } from './api.module.ts';
import { openParts, type Parts, type PartsOptions } from './composition/parts.ts';
import { serveDocument } from './document/serve-document.ts';

export interface Server {
  readonly url: string;
  readonly parts: Parts;
  /** Resolves once the views have caught up, or cannot, or the signal aborts. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  /** Finishes what is in flight, and closes everything. */
  readonly stop: () => Promise<void>;
}

/** Requests in flight and slow downloads get this long. */
const GRACE_MS = 3000;
const READY_POLL_MS = 20;

/** @throws EventLogError, KeyStoreFailure, StartFailure, or what listening throws */
export async function startServer(config: Config, options: PartsOptions): Promise<Server> {
  const parts = await openParts(config, options);
  try {
    const app = await createApp(parts);
    await app.listen({ host: config.host, port: config.port });
    const url = parts.http.instance.listeningOrigin;
    return { url, parts, ready: (signal) => caughtUp(parts, signal), stop: () => stop(app, parts) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function createApp(parts: Parts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(parts.http.instance);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.of(parts), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  serveDocument(app, parts.http.routes);
  await app.init();
  return app;
}

/** Or an incident is found: then reading goes on, and whoever must decide needs the answers. */
async function caughtUp({ readiness, integrity }: Parts, signal: AbortSignal): Promise<void> {
  const waits = async (): Promise<boolean> => !integrity.broken && (await readiness.report()).status !== 'ready';
  while (!signal.aborted && (await waits())) await pause(READY_POLL_MS);
}

async function stop(app: NestFastifyApplication, parts: Parts): Promise<void> {
  parts.lifetime.end();
  const server = parts.http.instance.server;
  const impatience = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await parts.close(() => app.close());
  clearTimeout(impatience);
}
