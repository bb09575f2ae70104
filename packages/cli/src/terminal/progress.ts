import { durationText } from './duration.ts';
import { type Output, type Style, styleFor } from './style.ts';

/** How often the lines of running parts are drawn anew on a terminal, in milliseconds. */
const redrawMs = 100;

interface Part {
  readonly title: string;
  readonly since: number;
  detail: string;
}

/** Says what a part is doing now: `downloading 12 packages`. */
export type Tell = (detail: string) => void;

/**
 * Shows what is going on: on a terminal a line for each running part, with the time it has taken; elsewhere a line
 * when a part begins, says something new, or is done.
 */
export class Progress {
  readonly #output: Output;
  readonly #style: Style;
  readonly #parts = new Set<Part>();
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: Output) {
    this.#output = output;
    this.#style = styleFor(output);
  }

  /** Runs one part under a title. Its line ends with a tick and the note that `work` returned, or with a cross. */
  async run<Result>(
    title: string,
    work: (tell: Tell) => Promise<Result>,
    note?: (result: Result) => string,
  ): Promise<Result> {
    const part: Part = { title, since: performance.now(), detail: '' };
    this.#begin(part);
    try {
      const result = await work((detail) => this.#tell(part, detail));
      this.#end(part, this.#style.good('✔'), note?.(result) ?? '');
      return result;
    } catch (thrown) {
      this.#end(part, this.#style.bad('✘'), 'failed');
      throw thrown;
    }
  }

  /** Writes a line that stays, above the lines of running parts. */
  say(line: string): void {
    this.#erase();
    this.#output.write(`${line}\n`);
    this.#draw();
  }

  #begin(part: Part): void {
    this.#parts.add(part);
    if (this.#output.isTTY) this.#timer ??= setInterval(() => this.#redraw(), redrawMs).unref();
    else this.#output.write(`… ${part.title}\n`);
    this.#redraw();
  }

  #tell(part: Part, detail: string): void {
    if (part.detail === detail) return;
    part.detail = detail;
    if (this.#output.isTTY) this.#redraw();
    else this.#output.write(`… ${part.title}: ${detail}\n`);
  }

  #end(part: Part, mark: string, note: string): void {
    this.#parts.delete(part);
    const time = this.#style.faint(`(${durationText(performance.now() - part.since)})`);
    this.say([mark, part.title, note, time].filter((word) => word !== '').join(' '));
    if (this.#parts.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #redraw(): void {
    this.#erase();
    this.#draw();
  }

  #draw(): void {
    if (!this.#output.isTTY) return;
    for (const part of this.#parts)
      this.#output.write(`${this.#line(part).slice(0, (this.#output.columns ?? 80) - 1)}\n`);
    this.#drawnLines = this.#parts.size;
  }

  #line(part: Part): string {
    const seconds = Math.floor((performance.now() - part.since) / 1_000);
    return `… ${part.title}${part.detail === '' ? '' : `: ${part.detail}`} (${seconds} s)`;
  }

  /** Takes the parts' lines off the terminal: up that many lines, then clear to the end. */
  #erase(): void {
    if (this.#drawnLines > 0) this.#output.write(`\u001b[${this.#drawnLines}A\u001b[J`);
    this.#drawnLines = 0;
  }
}
