import type { Signal } from '@maru/otlp';
import { countItems, readTelemetry, type Telemetry, writeTelemetry } from './model/telemetry.ts';
import type { Part } from './part.ts';
import { createProcessor, type ProcessorSettings } from './processors/table.ts';
import type { Progress } from './progress.ts';

/** What processors make of requests. Items that they leave out are settled as filtered. */
export interface Pipeline {
  readonly take: (parts: readonly Part[], progress: Progress) => readonly Part[];
  /** What a processor held back and lets go now. */
  readonly due: (progress: Progress) => readonly Part[];
  /** Milliseconds until `due` may give something; infinitely many when nothing is held back. */
  readonly nextDueInMs: () => number;
}

/** Without processors nothing is decoded. */
export function createPipeline(signal: Signal, settings: readonly ProcessorSettings[]): Pipeline {
  const processors = settings.flatMap((one) => createProcessor(signal, one) ?? []);
  if (processors.length === 0)
    return { take: (parts) => parts, due: () => [], nextDueInMs: () => Number.POSITIVE_INFINITY };
  /** From this processor on; a part keeps its place in the journal. */
  const through = (parts: readonly Part[], from: number, progress: Progress): readonly Part[] =>
    processors.slice(from).reduce((now, processor) => {
      if (now.length === 0) return now;
      if (processor.kind === 'holding') return processor.take(now, progress, performance.now());
      return now.flatMap((part) => changed(signal, part, processor.process, progress));
    }, parts);
  return {
    take: (parts, progress) => through(parts, 0, progress),
    due: (progress) =>
      processors.flatMap((processor, index) =>
        processor.kind === 'holding'
          ? through(processor.due(progress, performance.now()), index + 1, progress)
          : [],
      ),
    nextDueInMs: () =>
      Math.min(
        ...processors.map((processor) =>
          processor.kind === 'holding' ? processor.nextDueInMs(performance.now()) : Number.POSITIVE_INFINITY,
        ),
      ),
  };
}

function changed(
  signal: Signal,
  part: Part,
  process: (telemetry: Telemetry) => Telemetry,
  progress: Progress,
): readonly Part[] {
  const before = readTelemetry(part.bytes);
  const after = process(before);
  if (after === before) return [part];
  const items = countItems(signal, after);
  progress.settle(part.token, part.items - items, { filtered: part.items - items });
  return items === 0 ? [] : [{ ...part, bytes: writeTelemetry(after), items }];
}
