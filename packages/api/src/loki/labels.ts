import { type LogQL, parseSelector, readActiveStreams, type Stream } from '@maru/logql';
import { compareUtf8, type NanoRange } from '@maru/query-core';
import type { Reader } from '@maru/store';
import { json } from '../http/answer.ts';
import type { Handle, RequestContext } from '../http/router.ts';
import { lokiRange } from './parameters.ts';

/** A selector that may be empty: `{}` and no text select everything here, though not in a query. */
export function optionalSelector(text: string | undefined): readonly LogQL.Matcher[] {
  return text === undefined || /^\s*(\{\s*\})?\s*$/.test(text) ? [] : parseSelector(text).selector;
}

async function streamsOf(reader: Reader, { parameters, signal }: RequestContext): Promise<readonly Stream[]> {
  return readActiveStreams(reader, optionalSelector(parameters.get('query')), lokiRange(parameters), {
    signal,
  });
}

/** `labels`: the names that streams have within the range. */
export function labelNames(reader: Reader): Handle {
  return async (context) => {
    const streams = await streamsOf(reader, context);
    return json({ status: 'success', data: sorted(streams.flatMap((stream) => [...stream.labels.keys()])) });
  };
}

/** `label/{name}/values` */
export function labelValues(reader: Reader): Handle {
  return async (context) => {
    const streams = await streamsOf(reader, context);
    const values = streams.flatMap((stream) => stream.labels.get(context.path.name ?? '') ?? []);
    return json({ status: 'success', data: sorted(values) });
  };
}

/** `series`: the label sets of streams that match any of the selectors. */
export function series(reader: Reader): Handle {
  return async ({ parameters, signal }) => {
    const range: NanoRange = lokiRange(parameters);
    const given = [...parameters.getAll('match[]'), ...parameters.getAll('match')];
    const selectors = given.length === 0 ? [undefined] : given;
    const found = new Map<string, Stream>();
    for (const text of selectors) {
      for (const stream of await readActiveStreams(reader, optionalSelector(text), range, { signal })) {
        found.set(JSON.stringify([...stream.labels]), stream);
      }
    }
    return json({
      status: 'success',
      data: [...found.values()].map(({ labels }) => Object.fromEntries(labels)),
    });
  };
}

/** Labels that tell little by their number of values, and are shown all the same. */
const alwaysShown: ReadonlySet<string> = new Set(['cluster', 'namespace', 'instance', 'pod']);

/** `detected_labels`: the labels worth choosing by; ids and numbers are not. */
export function detectedLabels(reader: Reader): Handle {
  return async (context) => {
    const streams = await streamsOf(reader, context);
    const names = sorted(streams.flatMap((stream) => [...stream.labels.keys()]));
    const detected = names
      .map((label) => ({
        label,
        values: new Set(streams.flatMap((stream) => stream.labels.get(label) ?? [])),
      }))
      .filter(({ label, values }) => alwaysShown.has(label) || ![...values].every(isIdentifier))
      .map(({ label, values }) => ({ label, cardinality: values.size }));
    return json({ detectedLabels: detected });
  };
}

function isIdentifier(value: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value) || /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(compareUtf8);
}
