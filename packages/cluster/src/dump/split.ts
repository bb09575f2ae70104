import { contextAfter, kubectlWords } from './command-line.ts';
import type { Context } from './context.ts';
import { eventRow } from './event-rows.ts';
import { isTableHead } from './tables.ts';

/** A stretch of lines in one form. */
export interface Section {
  readonly form: 'json' | 'yaml' | 'description' | 'table' | 'events' | 'text';
  readonly lines: readonly string[];
  /** 1-based line of the first one. */
  readonly firstLine: number;
  readonly context: Context;
}

interface Growing extends Section {
  readonly lines: string[];
}

/**
 * Cuts a paste of mixed contents into stretches. A line decides by its own form whether it begins a stretch and whether
 * it goes on with the one before; a kubectl command above a stretch tells what it is about.
 */
export function splitSections(lines: readonly string[], start: Context): readonly Section[] {
  const sections: Growing[] = [];
  let context = start;
  let current: Growing | undefined;
  lines.forEach((line, index) => {
    if (/^\s*```/.test(line)) {
      current = undefined;
      return;
    }
    const words = kubectlWords(line);
    if (words !== undefined) {
      context = contextAfter(words, start);
      current = undefined;
      return;
    }
    if (
      current !== undefined &&
      (goesOn(current, line) || isBetweenEvents(current, line, lines[index + 1]))
    ) {
      current.lines.push(line);
      return;
    }
    current = { form: formOf(line, lines, index), lines: [line], firstLine: index + 1, context };
    sections.push(current);
  });
  return sections;
}

/** A fragment of a description may begin with any of these. */
const fragment = /^\s*(?:Containers|Init Containers|State|Last State|Conditions|Events):(?:\s|$)/;

function formOf(line: string, lines: readonly string[], index: number): Section['form'] {
  if (/^\s*[[{]\s*$/.test(line) || /^\s*\{\s*"/.test(line)) return 'json';
  if (
    /^(?:apiVersion|kind):\s*\S/.test(line) ||
    (line === '---' && /^(?:apiVersion|kind):/.test(lines[index + 1] ?? ''))
  )
    return 'yaml';
  if (/^Name:\s+\S/.test(line) || fragment.test(line) || /^\s+Type\s+Reason\s+Age\s/.test(line))
    return 'description';
  if (isTableHead(line)) return 'table';
  if (isEventHead(line) || eventRow(line) !== undefined) return 'events';
  return 'text';
}

function isEventHead(line: string): boolean {
  return /^(?:NAMESPACE\s+)?(?:LAST SEEN|FIRST SEEN|LASTSEEN)\s/.test(line);
}

function goesOn(section: Growing, line: string): boolean {
  const beginsAnew = formOf(line, [], 0) !== 'text';
  switch (section.form) {
    case 'json':
      return !isClosed(section, line);
    case 'yaml':
      return /^(?:\s|- |-$|#|[A-Za-z]+:(?:\s|$))/.test(line) || line === '';
    case 'description':
      return goesOnDescribing(section, line);
    case 'table':
      return line.trim() !== '' && !beginsAnew && /^\S+\s/.test(line);
    case 'events':
      return eventRow(line) !== undefined || (!beginsAnew && /^\s+\S/.test(line));
    default:
      return !beginsAnew;
  }
}

/** A message of several lines goes on at the margin; the events after it are those of the same description. */
function isBetweenEvents(section: Growing, line: string, next: string | undefined): boolean {
  return (
    section.form === 'description' &&
    formOf(line, [], 0) === 'text' &&
    next !== undefined &&
    /^\s/.test(next) &&
    eventRow(next) !== undefined &&
    section.lines.some((seen) => /^\s*Events:/.test(seen))
  );
}

/** Cheap: JSON that kubectl prints ends with a bracket in the column where it began; one-line JSON ends at once. */
function isClosed(section: Growing, next: string): boolean {
  const [first = ''] = section.lines;
  const last = section.lines.at(-1) ?? '';
  const column = first.length - first.trimStart().length;
  const isOneLine = section.lines.length === 1 && /[\]}]\s*,?\s*$/.test(last) && isBalanced(last);
  const closes = section.lines.length > 1 && /^\s*[\]}]\s*$/.test(last) && last.search(/\S/) === column;
  return isOneLine || closes || (next !== '' && /^(?:Name:\s|NAME\s|\$ )/.test(next));
}

/** Whether a line that begins with a bracket closes as many as it opens; those in strings do not count. */
function isBalanced(line: string): boolean {
  const brackets = line.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '').replace(/[^[\]{}]/g, '');
  const opened = brackets.replace(/[\]}]/g, '').length;
  return opened * 2 === brackets.length;
}

/** A description ends before the next one and before a line at the margin that is no `Key:`. */
function goesOnDescribing(section: Growing, line: string): boolean {
  if (/^Name:\s+\S/.test(line) || isTableHead(line) || isEventHead(line)) return false;
  if (/^\s*[[{]/.test(line) || /^(?:apiVersion|kind):/.test(line)) return false;
  if (line === '' || /^\s/.test(line)) return true;
  if (/^[A-Z][\w ()/.-]{0,60}:(?:\s|$)/.test(line) && !/^\w+:\d/.test(line)) return true;
  return section.lines.some((seen) => /^\s*Events:/.test(seen)) && eventRow(line) !== undefined;
}
