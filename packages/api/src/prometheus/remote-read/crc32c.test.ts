import { expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';

// The check value of CRC-32C's definition, and the first of RFC 3720's examples.
test.each([
  [Buffer.from('123456789'), 0xe3069283],
  [new Uint8Array(32), 0x8a9136aa],
  [new Uint8Array(0), 0],
])('%s', (bytes, checksum) => {
  expect(crc32c(bytes)).toBe(checksum);
});
