import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes whatever is posted to it, in a process of its own so that its cost is not the stack's. Ends with its parent. */
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
