import { expect, test } from 'vitest';
import { type Course, GatedExporter } from './gate.ts';

interface Sent {
  readonly batch: string;
  readonly url: string | undefined;
  readonly done: (result: { code: number }) => void;
}

/** A gate over exporters that keep what they are given and never answer by themselves. */
function openGate() {
  const sent: Sent[] = [];
  const closed: (string | undefined)[] = [];
  const gate = new GatedExporter(({ url }: { url?: string }) => ({
    export: (batch: string, done: Sent['done']) => {
      sent.push({ batch, url, done });
    },
    shutdown: async () => {
      closed.push(url);
    },
  }));
  const results: number[] = [];
  const send = (batch: string) => gate.export(batch, ({ code }) => results.push(code));
  return { gate, sent, closed, results, send };
}

test('normally a batch goes to the configured endpoint', () => {
  const { sent, results, send } = openGate();
  send('a');
  expect(sent).toMatchObject([{ batch: 'a', url: undefined }]);
  sent[0]?.done({ code: 0 });
  expect(results).toEqual([0]);
});

test('stopped, batches vanish, are counted once, and the SDK is told that all is well', () => {
  const { gate, sent, results, send } = openGate();
  gate.setCourse('stopped');
  send('a');
  send('b');
  expect([sent, results]).toEqual([[], [0, 0]]);
  expect([gate.takeDropped(), gate.takeDropped()]).toEqual([2, 0]);
});

test('to a wrong endpoint, a batch that still waits is given up when the fault ends, and answered once', async () => {
  const { gate, sent, closed, results, send } = openGate();
  gate.setCourse('wrong-endpoint');
  send('a');
  expect(sent).toMatchObject([{ batch: 'a', url: 'http://127.0.0.1:9/v1/nowhere' }]);
  gate.setCourse('normal');
  sent[0]?.done({ code: 0 });
  expect(results).toEqual([1]);
  expect(closed).toEqual(['http://127.0.0.1:9/v1/nowhere']);
  send('b');
  expect(sent[1]).toMatchObject({ batch: 'b', url: undefined });
  await gate.shutdown();
  expect(closed).toHaveLength(2);
});

test.each<Course>(['normal', 'stopped', 'wrong-endpoint'])('from %s it can be shut down', async (course) => {
  const { gate, closed } = openGate();
  gate.setCourse(course);
  await gate.shutdown();
  expect(closed.at(-1)).toBeUndefined();
});
