import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { withEnvironment } from './environment.ts';
import type { ConfigNode, MapEntry, Place } from './node.ts';
import { Problems } from './problems.ts';

/** Where a file's `${env:NAME}` are looked up. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** For files in which a dollar sign is a dollar sign: templates of rules, say. */
export const noEnvironment: unique symbol = Symbol('no environment');

/**
 * Reads YAML 1.2 into nodes with their places. An empty text is an empty map. Throws a `ConfigError` with every problem
 * when it is no YAML, has a key twice, or names a variable that is not set.
 */
export function readYaml(
  text: string,
  file: string,
  environment: Environment | typeof noEnvironment = process.env,
): ConfigNode {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: true });
  const problems = new Problems();
  const reader: Reader = { document, lines, file, environment, problems };
  for (const { pos, message } of document.errors)
    problems.add(placeAt(reader, pos[0]), `this is not valid YAML: ${firstLine(message)}`);
  problems.throwIfAny();
  const node = nodeOf(reader, document.contents ?? undefined, { file, line: 1, column: 1 });
  problems.throwIfAny();
  const isNothing = node.kind === 'scalar' && node.value === null;
  return isNothing ? { kind: 'map', place: node.place, entries: [] } : node;
}

interface Reader {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly file: string;
  readonly environment: Environment | typeof noEnvironment;
  readonly problems: Problems;
}

/** Bounds what aliases of aliases can become. */
const maxDepth = 64;

function nodeOf(reader: Reader, node: Node | null | undefined, around: Place, depth = 0): ConfigNode {
  const place = node?.range ? placeAt(reader, node.range[0]) : around;
  if (depth > maxDepth) {
    reader.problems.add(place, `this nests more than ${maxDepth} levels deep`);
    return { kind: 'scalar', place, value: null, fromEnvironment: false };
  }
  if (isAlias(node)) return nodeOf(reader, node.resolve(reader.document), place, depth + 1);
  if (isMap(node)) {
    const entries = node.items.map((pair) => entryOf(reader, pair.key as Node, pair.value as Node, depth));
    return { kind: 'map', place, entries };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => nodeOf(reader, item as Node, place, depth + 1));
    return { kind: 'list', place, items };
  }
  return scalarOf(reader, isScalar(node) ? node.value : null, place);
}

function entryOf(reader: Reader, key: Node, value: Node | null, depth: number): MapEntry {
  const place = key.range ? placeAt(reader, key.range[0]) : { file: reader.file, line: 1, column: 1 };
  return {
    key: isScalar(key) ? String(key.value) : String(key),
    place,
    value: nodeOf(reader, value, place, depth + 1),
  };
}

function scalarOf(reader: Reader, value: unknown, place: Place): ConfigNode {
  if (typeof value === 'string' && reader.environment !== noEnvironment) {
    const read = withEnvironment(value, reader.environment);
    for (const name of read.missing)
      reader.problems.add(
        place,
        `the variable ${name} is not set: set it, or give a default as in \${env:${name}:-x}`,
      );
    return { kind: 'scalar', place, value: read.text, fromEnvironment: read.text !== value };
  }
  const known =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
  return { kind: 'scalar', place, value: known ? value : String(value), fromEnvironment: false };
}

function placeAt({ lines, file }: Reader, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

/** The library adds an excerpt below its sentence. */
function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}
