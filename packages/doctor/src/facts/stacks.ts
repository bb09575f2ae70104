import type { SeenLine } from '@maru/cluster';

/** Stacks of Node and Java, of Python, and what grpc-js puts between the two halves of one. */
const isOfStack = /^\s+(?:at |\.\.\. \d+ more|File ")|^for call at$/;

/** OpenTelemetry wraps what it observes: that it stands in a stack says nothing about whose error it is. */
const isWrapping = /instrumentation|@opentelemetry\/(?:api|context|core)\b/i;

/** A line with which an SDK announces the error of an export, which follows on a line of its own. */
const announcesNext = /^Export (?:retry time|failed)\b/;

/** More tells no more, and rules read all of it. */
const longestOrigin = 2_000;

/** For each line, the lines that tell where it comes from: an error's stack, what announces it, and the error of a detail. */
export function originsOf(lines: readonly SeenLine[]): readonly string[] {
  const origins: string[] = [];
  let error = -1;
  let isDetailed = false;
  lines.forEach((line, index) => {
    const isNew = line.owner !== lines[error]?.owner;
    if (!isNew && isOfStack.test(line.text)) {
      isDetailed = line.text.endsWith(' {');
      origins[error] = joined(origins[error] ?? '', isWrapping.test(line.text) ? '' : line.text);
      origins[index] = '';
      return;
    }
    isDetailed = isDetailed && !isNew && line.text !== '}';
    if (isDetailed) {
      origins[index] = joined(lines[error]?.text ?? '', origins[error] ?? '');
      return;
    }
    error = index;
    origins[index] = isNew ? '' : announcement(lines[index - 1]);
  });
  return origins;
}

function announcement(before: SeenLine | undefined): string {
  return before !== undefined && announcesNext.test(before.text) ? before.text : '';
}

function joined(a: string, b: string): string {
  return [a, b]
    .filter((one) => one !== '')
    .join('\n')
    .slice(0, longestOrigin);
}
