import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// Says the same thing again and again, at once: what is measured is the reading, not the writing of an answer.
const [, , path = ''] = process.argv;
const answer = readFileSync(path);
const noPods = Buffer.from('[]');
const server = createServer(({ url }, response) => {
  const body = url?.startsWith('/v2/pods/') ? noPods : answer;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
