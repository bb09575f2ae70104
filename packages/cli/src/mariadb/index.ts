// MariaDB for the Board: a server to run, a directory to run it on, and how to run it.
export { databaseUrl, openDatabase } from './create.ts';
export { greets } from './handshake.ts';
export { obtain } from './obtain.ts';
export { serverOptions } from './server-options.ts';
export { waysHere } from './ways.ts';
