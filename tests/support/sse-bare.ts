// A bare Node server of event streams: sends what is posted to it to everybody who listens, and answers when it began
// (milliseconds since 1970). What the service's live events are measured against.
import { createServer, type ServerResponse } from 'node:http';

const listening: ServerResponse[] = [];
const server = createServer(async (request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    response.write(':\n\n');
    listening.push(response);
    return;
  }
  const parts: Buffer[] = await Array.fromAsync(request);
  const bytes = Buffer.concat(parts);
  const began = performance.timeOrigin + performance.now();
  for (const each of listening) each.write(bytes);
  response.end(String(began));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`Listening on http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
});
