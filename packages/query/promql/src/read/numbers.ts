import { type Budget, type LabelMatcher, type Labels, labelsKey } from '@maru/query-core';
import { Arena, type NumberSamples, type NumberSlice, type Reader, type Sql } from '@maru/store';
import type { PartChooser } from './named-parts.ts';
import { isLargeRead, numberSlices } from './number-slices.ts';
import type { TimeSpan } from './points.ts';
import { readAhead } from './read-ahead.ts';
import { readOptions, type SeriesById } from './stored-series.ts';

/** A stored number series as Prometheus sees it. */
interface NamedNumber {
  readonly labels: Labels;
  readonly nameless: Labels;
  readonly isDelta: boolean;
  /** Whether another series has the same labels, so that their samples are one series. */
  isShared: boolean;
}

/** What a read of numbers needs. */
export interface NumberRead {
  readonly reader: Reader;
  readonly matchers: readonly LabelMatcher[];
  readonly span: TimeSpan;
  readonly budget: Budget;
  readonly stored: SeriesById;
  readonly withStarts: boolean;
}

/**
 * The stored number series by id, with their labels.
 *
 * @param taken labels of series that are not numbers
 */
export function nameNumbers(
  { stored, chooser }: { readonly stored: SeriesById; readonly chooser: PartChooser },
  taken: readonly Labels[],
): ReadonlyMap<bigint, NamedNumber> {
  const named = new Map<bigint, NamedNumber>();
  const byKey = new Map<string, NamedNumber | undefined>(
    taken.map((labels) => [labelsKey(labels), undefined]),
  );
  for (const [id, series] of stored) {
    if (series.kind !== 'number') continue;
    if (chooser.parts(series, []).length === 0) continue;
    const { named: labels, labels: nameless, key, isDelta } = series;
    const one: NamedNumber = { labels, nameless, isDelta, isShared: byKey.has(key) };
    const other = byKey.get(key);
    if (other !== undefined) other.isShared = true;
    byKey.set(key, one);
    named.set(id, one);
  }
  return named;
}

/** Slices under way at once: one is read while another is evaluated, and the third lane of the store stays free. */
const slicesAtOnce = 2;

/**
 * The number samples of a selector, some series at a time; ids that are not among the selected ones may be among them. They
 * are valid until the next ones are asked for.
 */
export async function* readNumbers(read: NumberRead): AsyncGenerator<readonly NumberSamples[]> {
  const { stored, matchers, span, budget } = read;
  if (![...stored.values()].some(({ kind }) => kind === 'number')) return;
  const arenas: Arena[] = [];
  const packedUntilMs = await read.reader.numbersPackedUntil();
  const isLarge = isLargeRead(stored.size, span, packedUntilMs);
  const tasks = numberSlices(stored, matchers, span, packedUntilMs).map(
    (selection) => () => readSlice(read, selection, isLarge, arenas.pop() ?? new Arena()),
  );
  for await (const { slice, held, arena } of readAhead(tasks, slicesAtOnce)) {
    yield* slice.batches();
    budget.addSamples(-held);
    arena.reset();
    arenas.push(arena);
  }
}

/** What was read, how much it is, and the memory that it stands in. */
interface ReadSlice {
  readonly slice: NumberSlice;
  readonly held: number;
  readonly arena: Arena;
}

/** The budget counts samples as they come, those of slices that are read ahead too. */
async function readSlice(
  { reader, span, budget, withStarts }: NumberRead,
  selection: Sql,
  isLarge: boolean,
  arena: Arena,
): Promise<ReadSlice> {
  let held = 0;
  const slice = await reader.numbers(
    { selection, ...span, withStarts },
    {
      ...readOptions(budget),
      isLarge,
      allocate: arena.allocate,
      held: (samples) => {
        held += samples;
        budget.addSamples(samples);
      },
    },
  );
  return { slice, held, arena };
}
