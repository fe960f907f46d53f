// A bare Fastify route that sends given bytes: what the service's ready answers are measured against.
import { readFileSync } from 'node:fs';
import { fastify } from 'fastify';

const [file = ''] = process.argv.slice(2);
const bytes = readFileSync(file);
const http = fastify();
http.get('/v1/matters/:matter/status', (_request, reply) => {
  void reply.header('content-type', 'application/json; charset=utf-8').send(bytes);
});
await http.listen({ host: '127.0.0.1', port: 0 });
console.log(`Listening on ${http.listeningOrigin}`);
