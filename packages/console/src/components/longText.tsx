import { type ReactNode, useState } from 'react';
import { useMessages, useNotation } from '../app/preferences.tsx';
import { formatCount } from '../model/format.ts';
import { highlight } from '../model/highlight.ts';

interface LongTextProps {
  readonly text: string;
  /** Texts to be marked. */
  readonly marked?: readonly string[];
}

/** A value may be megabytes long: more than this is drawn only when asked for. */
const shownLength = 4000;

/** A text from telemetry: always text, never markup; its direction cannot leak into what surrounds it. */
export function LongText({ text, marked = [] }: LongTextProps): ReactNode {
  const words = useMessages();
  const notation = useNotation();
  const [isWhole, setWhole] = useState(false);
  const hidden = isWhole ? 0 : Math.max(0, text.length - shownLength);
  const shown = hidden > 0 ? text.slice(0, shownLength) : text;
  return (
    <span className="telemetry">
      {highlight(shown, marked).map((piece, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity but their place.
        piece.isHit ? <mark key={index}>{piece.text}</mark> : piece.text,
      )}
      {hidden > 0 && (
        <button type="button" className="link-button" onClick={() => setWhole(true)}>
          … {words.lineCut(formatCount(hidden, notation))}
        </button>
      )}
    </span>
  );
}
