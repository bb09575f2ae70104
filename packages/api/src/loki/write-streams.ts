import type { Line } from '@maru/logql';
import { type Labels, labelsKey, labelsOf } from '@maru/query-core';

/** What a client asks for by header: labels of lines apart from those of streams. */
export const categorizeLabels = 'categorize-labels';

/**
 * Lines as Loki's `data`, grouped into streams in order of first appearance. `resultType` must come before
 * `encodingFlags`, and these before `result`: the data source reads them in one pass.
 */
export function streamsData(lines: readonly Line[], categorized: boolean): string {
  const streams = Map.groupBy(lines, (line) => labelsKey(streamLabels(line, categorized)));
  const result = [...streams.values()].map((ofStream) => streamJson(ofStream, categorized));
  const flags = categorized ? `"encodingFlags":["${categorizeLabels}"],` : '';
  return `{"resultType":"streams",${flags}"result":[${result.join(',')}],"stats":{}}`;
}

/** Without the flag every label is one of the stream, so that lines with other metadata are another stream. */
function streamLabels(line: Line, categorized: boolean): Labels {
  return categorized ? line.stream : labelsOf([...line.metadata, ...line.stream]);
}

function streamJson(lines: readonly Line[], categorized: boolean): string {
  const [first] = lines;
  const labels = first === undefined ? '{}' : labelsJson(streamLabels(first, categorized));
  return `{"stream":${labels},"values":[${lines.map((line) => entryJson(line, categorized)).join(',')}]}`;
}

function entryJson(line: Line, categorized: boolean): string {
  const entry = `"${line.unixNano}",${JSON.stringify(line.text)}`;
  return categorized
    ? `[${entry},{"structuredMetadata":${labelsJson(line.metadata)},"parsed":{}}]`
    : `[${entry}]`;
}

/** A label set as a JSON object, in the order of its names. */
export function labelsJson(labels: Labels): string {
  return `{${[...labels].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}
