import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sparticuz, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** The Chromium that npm brings (Linux on x64), or the one that INFORCE_TEST_CHROMIUM names. */
export async function openBrowser(): Promise<Browser> {
  const named = process.env['INFORCE_TEST_CHROMIUM'];
  if (named !== undefined) return chromium.launch({ executablePath: named, headless: true });
  const executablePath = await sparticuz.executablePath();
  // The libraries that it needs come with it: a bare machine has none of them.
  await inflate(join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin/al2023.tar.br'));
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(tmpdir(), 'al2023/lib'),
    FONTCONFIG_PATH: join(tmpdir(), 'fonts'),
  };
  return chromium.launch({ executablePath, args: sparticuz.args, headless: true, env });
}

export interface Files {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves these texts under their names on a loopback address, which browsers take for a secure context. */
export async function serveFiles(files: Readonly<Record<string, { readonly type: string; readonly body: string }>>) {
  const server = createServer(({ url = '/' }, response) => {
    const file = files[url.slice(1)];
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' }).end(file?.body ?? '');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has an address with a port
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, close } satisfies Files;
}
