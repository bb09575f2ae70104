import { writeSync } from 'node:fs';
import { Refusal } from '@maru/ledger';
import { lengthDelimited } from '@maru/otlp';
import { accountOf, openTestWriter } from './test-journal.ts';

/** Appends requests of which the account carries the number, several at a time, until it is killed. */
const writer = await openTestWriter(process.argv[2] ?? '');
process.on('SIGXFSZ', () => undefined);
let next = 1;
await Promise.all(Array.from({ length: 8 }, appendForever));

async function appendForever(): Promise<void> {
  for (;;) {
    const number = next++;
    try {
      await writer.append(lengthDelimited(1, new Uint8Array(400)), accountOf(number));
      print({ acknowledged: number });
    } catch (error) {
      print({ refused: String(error), reason: error instanceof Refusal ? error.reason : 'unexpected' });
    }
  }
}

/** Synchronous, so that a line is out before anything else can happen. */
function print(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
