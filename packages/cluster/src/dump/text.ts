import { parseAllDocuments } from 'yaml';
import { gap } from '../gap.ts';
import { at, listAt, textAt } from '../json.ts';
import { ledgerObject } from '../ledger.ts';
import { joinSeen, longestLine, type Seen, type SeenObject } from '../seen.ts';
import type { Context } from './context.ts';
import { eventsOf, readDescription } from './describe.ts';
import { type Section, splitSections } from './split.ts';
import { readTable } from './tables.ts';
import { parseTolerantJson } from './tolerant-json.ts';

/** Reads one text of any and mixed form. Never throws for its contents. */
export function readText(text: string, context: Context): Seen {
  return joinSeen(splitSections(linesOf(text), context).map(readSection));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
const colourCodes = /\u001b\[[\d;]*[A-Za-z]/g;

/** Without byte-order mark, colours, carriage returns and the `> ` of a quoted mail or chat. */
function linesOf(text: string): readonly string[] {
  const plain = text
    .replace(/^\ufeff/, '')
    .replace(colourCodes, '')
    .replaceAll('\r', '');
  const lines = plain.split('\n');
  const isQuoted =
    lines.every((line) => line === '' || /^> ?/.test(line)) && lines.some((line) => line !== '');
  return isQuoted ? lines.map((line) => line.replace(/^> ?/, '')) : lines;
}

function readSection(section: Section): Seen {
  switch (section.form) {
    case 'json':
      return readJson(section);
    case 'yaml':
      return readYaml(section);
    case 'description':
      return readDescription(section.lines, section.firstLine, section.context);
    case 'table':
      return { objects: readTable(section.lines, section.firstLine, section.context), lines: [], gaps: [] };
    case 'events':
      return {
        objects: eventsOf(section.lines, nobody, section.context, section.firstLine),
        lines: [],
        gaps: [],
      };
    default:
      return readLines(section);
  }
}

const nobody = { kind: '', name: '', namespace: '' };

function readJson(section: Section): Seen {
  const text = section.lines.join('\n');
  const parsed = parseTolerantJson(text, text.search(/[[{]/));
  if (parsed === undefined) return readLines(section);
  const { file: name } = section.context;
  const objects = [...objectsIn(parsed.value, name, section.context), ...ledgerIn(parsed.value, name)];
  if (objects.length === 0) return readLines(section);
  const { file } = section.context;
  const lastLine = section.firstLine + section.lines.length - 1;
  const cut = gap(
    `${file} ends in the middle of a JSON document; what was whole before line ${lastLine} was used`,
    `${file}의 JSON 문서가 중간에 끝납니다. ${lastLine}행 앞의 온전한 부분만 읽었습니다`,
  );
  return { objects, lines: [], gaps: parsed.isComplete ? [] : [cut] };
}

function readYaml(section: Section): Seen {
  const objects: SeenObject[] = [];
  for (const document of parseAllDocuments(section.lines.join('\n'), {
    uniqueKeys: false,
    logLevel: 'silent',
  })) {
    objects.push(...objectsIn(plainValue(document), section.context.file, section.context));
  }
  return objects.length === 0 ? readLines(section) : { objects, lines: [], gaps: [] };
}

/** A broken document gives what the parser could make of it; one that folds back on itself gives nothing. */
function plainValue(document: { toJS: (options: { maxAliasCount: number }) => unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch {
    return undefined;
  }
}

/** The Kubernetes objects of a value: one, or the items of a list. */
function objectsIn(value: unknown, file: string, context: Context): readonly SeenObject[] {
  if (Array.isArray(value)) return value.flatMap((item) => objectsIn(item, file, context));
  const kind = textAt(value, 'kind');
  const items = listAt(value, 'items');
  if (items.length > 0 || Array.isArray(at(value, 'items'))) {
    const itemKind = kind.endsWith('List') ? kind.slice(0, -4) : '';
    return items.flatMap((item) => objectsIn(withKind(item, itemKind), file, context));
  }
  if (kind === '' || typeof at(value, 'metadata') !== 'object') return [];
  const name = textAt(value, 'metadata', 'name');
  const namespace = textAt(value, 'metadata', 'namespace') || context.namespace;
  return [{ kind, namespace, name, value, where: `${file}: ${kind} ${name}`, richness: 'whole' }];
}

/** The answer of a stack's `/api/ledger`, which names no kind. */
function ledgerIn(value: unknown, file: string): readonly SeenObject[] {
  const isLedger =
    at(value, 'signals', 'traces', 'journaled') !== undefined && at(value, 'balanced') !== undefined;
  return isLedger ? [ledgerObject(value, file)] : [];
}

/** Items of a typed list (`PodList` of the API) do not repeat their kind. */
function withKind(item: unknown, kind: string): unknown {
  if (typeof item !== 'object' || item === null || Object.hasOwn(item, 'kind') || kind === '') return item;
  return { kind, ...item };
}

function readLines(section: Section): Seen {
  const { file, owner, namespace, container } = section.context;
  let head = '';
  const lines = section.lines.flatMap((line, index) => {
    head = /^==> (\S+) <==$/.exec(line)?.[1] ?? head;
    if (line.trim() === '') return [];
    const prefix = /^\[(?:pod\/)?([\w.-]+)\/([\w.-]+)\] (.*)$/.exec(line);
    return [
      {
        text: (prefix?.[3] ?? line).slice(0, longestLine),
        where: `${file}:${section.firstLine + index}`,
        owner: prefix?.[1] ?? (head || owner),
        namespace,
        container: prefix?.[2] ?? container,
      },
    ];
  });
  return { objects: [], lines, gaps: [] };
}
