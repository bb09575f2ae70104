import type { Window } from '../../evaluate/window.ts';
import type { Combined } from '../../histogram/combine.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';
import { histogramNotes } from '../../histogram/notes.ts';
import type { WindowNotes } from '../definition.ts';

/** The histograms of a window made one; nothing, with a warning, where they do not go together or with numbers. */
export function combineWindow(
  window: Window,
  combine: (histograms: readonly NativeHistogram[]) => Combined | undefined,
  notes: WindowNotes,
): NativeHistogram | undefined {
  if (window.count > 0) {
    notes.warn(histogramNotes.mixedWithFloats(window.metric));
    return undefined;
  }
  const combined = combine(window.histograms());
  if (combined === undefined) notes.warn(histogramNotes.mixedSchemas(window.metric));
  if (combined?.hintsCollide === true) notes.warn(histogramNotes.hintsCollide('aggregation'));
  if (combined?.wasReconciled === true) notes.info(histogramNotes.reconciled('aggregation'));
  return combined?.histogram;
}
