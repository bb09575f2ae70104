export { readTls } from './tls-files.ts';
