import type { ReactNode } from 'react';

/** Outlines on a 16 × 16 grid; `maru` is the mark: a roof over a floor of planks. */
const outlines = {
  maru: 'M8 1.5 1 6.3h14zM2.5 8h11M2.5 10.7h4.6M9 10.7h4.5M2.5 13.4h2M6.5 13.4h7',
  home: 'M2.5 7.2 8 2.6l5.5 4.6v6.2h-4V9.6h-3v3.8h-4z',
  traces: 'M2 3.5h8M4.5 8H12M7 12.5h7',
  logs: 'M2.5 3.5h11M2.5 6.5h11M2.5 9.5h7.5M2.5 12.5h9.5',
  metrics: 'M2 12.5 5.8 7.6l3 2.6L14 3.5',
  doctor:
    'M3.5 2.5v3.7a3 3 0 0 0 6 0V2.5M6.5 9.2v1.3a3 3 0 0 0 6 0V9M12.5 9a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z',
  clock: 'M8 4.6V8l2.4 1.6M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  refresh: 'M13.2 6.2A5.6 5.6 0 1 0 13.6 8M13.5 2.6v3.6H9.9',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1',
  moon: 'M13.4 9.7A5.8 5.8 0 0 1 6.3 2.6a5.7 5.7 0 1 0 7.1 7.1z',
  themeSystem: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 2v12M8 4.6l3.6-1M8 7.6h5.8M8 10.6l5 1',
  close: 'm4 4 8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  right: 'm6 3.5 4.5 4.5L6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  up: 'M3.5 10 8 5.5l4.5 4.5',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.4 10.4l3.3 3.3',
  filter: 'M2 3.5h12L9.5 8.8v4.4l-3-1.6V8.8z',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  external: 'M9.5 2.5h4v4M13.5 2.5 7.5 8.5M6.5 3.5h-4v10h10v-4',
  signOut: 'M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3',
  warning: 'M8 2.2 14.6 13.5H1.4zM8 6.5v3.2M8 11.4v.4',
} as const;

export type IconName = keyof typeof outlines;

/** A drawn sign beside a word or inside a labelled button: never the only name of a thing. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={outlines[name]} />
    </svg>
  );
}
