import { type MouseEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useEffectiveTheme, useMessages } from '../../app/preferences.tsx';
import { resolvedColor } from '../../components/color.ts';
import type { TraceTree } from '../../model/traceTree.ts';

interface MinimapProps {
  readonly tree: TraceTree;
  readonly visible: readonly number[];
  readonly colors: ReadonlyMap<string, string>;
  /** What scrolls the rows. */
  readonly scroller: RefObject<HTMLElement | null>;
}

const height = 56;

/** The whole trace at a glance, drawn once per change; a press goes there. */
export function Minimap({ tree, visible, colors, scroller }: MinimapProps): ReactNode {
  const text = useMessages();
  const theme = useEffectiveTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(canvas);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read while drawing.
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, width, tree, visible, colors);
  }, [tree, visible, colors, theme, width]);
  const view = useView(scroller, visible.length);
  const go = (event: MouseEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const element = scroller.current;
    if (!element) return;
    const share = (event.clientY - box.top) / box.height;
    element.scrollTop = share * element.scrollHeight - element.clientHeight / 2;
  };
  return (
    <div className="minimap-row">
      <span />
      <button
        type="button"
        className="minimap"
        aria-label={text.minimap}
        tabIndex={-1}
        onClick={go}
        style={{ height }}
      >
        <canvas ref={canvas} style={{ width: '100%', height }} />
        {view.share < 1 && (
          <span
            className="minimap-view"
            style={{ top: `${view.start * 100}%`, height: `${Math.max(3, view.share * 100)}%` }}
          />
        )}
      </button>
    </div>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  width: number,
  tree: TraceTree,
  visible: readonly number[],
  colors: ReadonlyMap<string, string>,
): void {
  const context = canvas.getContext('2d');
  const host = canvas.parentElement;
  if (!context || !host) return;
  const ratio = devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  const fills = new Map([...colors].map(([service, property]) => [service, resolvedColor(host, property)]));
  const failed = resolvedColor(host, '--error');
  const thickness = Math.min(4, Math.max(1, height / visible.length - 0.5));
  visible.forEach((rowIndex, position) => {
    const row = tree.rows[rowIndex];
    if (!row) return;
    context.fillStyle = row.span.isError ? failed : (fills.get(row.span.resource.service) ?? failed);
    const scale = tree.durationNanos === 0 ? 0 : width / tree.durationNanos;
    const y = (position / Math.max(visible.length, height / 5)) * height;
    context.fillRect(row.offsetNanos * scale, y, Math.max(1, row.span.durationNanos * scale), thickness);
  });
}

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watched = element.current;
    if (!watched) return undefined;
    const observer = new ResizeObserver(() => setWidth(watched.clientWidth));
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

interface View {
  readonly start: number;
  readonly share: number;
}

/** Which part of the rows is on screen, as shares of all. */
function useView(scroller: RefObject<HTMLElement | null>, rows: number): View {
  const [view, setView] = useState<View>({ start: 0, share: 1 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: folding changes the scroll height without an event.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const update = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      setView({ start: scrollTop / scrollHeight, share: clientHeight / scrollHeight });
    };
    const observer = new ResizeObserver(update);
    observer.observe(element);
    element.addEventListener('scroll', update, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', update);
    };
  }, [scroller, rows]);
  return view;
}
