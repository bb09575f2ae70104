import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * The order of DESIGN.md, first the lines that know least. A package imports only from lines before its own, never
 * from its own line.
 */
const lines: readonly (readonly string[])[] = [
  ['@maru/otlp', '@maru/ledger', '@maru/config', '@maru/cluster'],
  ['@maru/journal', '@maru/receive', '@maru/store', '@maru/forward'],
  ['@maru/query-core'],
  ['@maru/promql', '@maru/traceql', '@maru/logql', '@maru/scrape'],
  ['@maru/rules'],
  ['@maru/api'],
  ['@maru/doctor', '@maru/deploy'],
  ['@maru/server'],
  ['@maru/cli'],
];

/** The engine's packages; `@clickhouse/client` is its other size. */
const enginePackages = /^(?:chdb|@clickhouse\/)/;

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface SourceFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly workspace: Workspace;
  readonly imports: readonly Import[];
  readonly isTest: boolean;
}

interface Import {
  readonly specifier: string;
  /** `import type` and `export type … from`: gone at run time. */
  readonly isType: boolean;
}

interface Workspace {
  readonly name: string;
  readonly dir: string;
}

const workspaces = globSync('{packages,packages/query,board}/*/package.json', { cwd: root }).map(
  readWorkspace,
);
const files = workspaces.flatMap(filesOf);

function readWorkspace(manifest: string): Workspace {
  const { name }: { name: string } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
  return { name, dir: dirname(manifest) };
}

function filesOf(workspace: Workspace): readonly SourceFile[] {
  const found = globSync('**/*.{ts,tsx}', {
    cwd: join(root, workspace.dir),
    exclude: (name) => name === 'node_modules' || name === 'dist',
  });
  return found.map((file) => readSource(join(workspace.dir, file), workspace));
}

function readSource(path: string, workspace: Workspace): SourceFile {
  const isTest = /\.test\.tsx?$|\/(?:test|play|recorder)\//.test(path);
  return { path, workspace, isTest, imports: importsOf(readFileSync(join(root, path), 'utf8')) };
}

function importsOf(text: string): readonly Import[] {
  const statements = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*{}$,\s]+?\sfrom\s+)?['"]([^'"\n]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"\n]+)['"]/g;
  return [
    ...[...text.matchAll(statements)].map(([, type, specifier = '']) => ({
      specifier,
      isType: type !== undefined,
    })),
    ...[...text.matchAll(dynamic)].map(([, specifier = '']) => ({ specifier, isType: false })),
  ];
}

/** Each file with each of its imports for which the rule has something to say, as one sentence. */
function violations(rule: (file: SourceFile, one: Import) => string | undefined): readonly string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((one) => {
      const said = rule(file, one);
      return said === undefined ? [] : [`${file.path} imports ${one.specifier}: ${said}`];
    }),
  );
}

/** `@maru/store` of `@maru/store/testing`; undefined for what is not ours. */
function ourPackage(specifier: string): string | undefined {
  return /^@maru\/[^/]+/.exec(specifier)?.[0];
}

function lineOf(name: string): number {
  return lines.findIndex((line) => line.includes(name));
}

describe('layers', () => {
  it('reads the files it is to check', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(200);
  });

  it('every package has a place in the order', () => {
    const others = [
      '@maru/testkit',
      '@maru/console',
      '@maru/board-api',
      '@maru/board-web',
      '@maru/board-load',
    ];
    const unknown = workspaces
      .map(({ name }) => name)
      .filter((name) => lineOf(name) < 0 && !others.includes(name));
    expect(unknown).toEqual([]);
  });

  it('a package imports only from lines above its own', () => {
    const wrong = violations((file, { specifier }) => {
      const target = ourPackage(specifier);
      const own = lineOf(file.workspace.name);
      if (target === undefined || own < 0 || target === file.workspace.name) return undefined;
      if (target === '@maru/testkit') return file.isTest ? undefined : 'testkit is for tests only';
      return lineOf(target) >= 0 && lineOf(target) < own
        ? undefined
        : 'that is not above it; see ARCHITECTURE.md, layers';
    });
    expect(wrong).toEqual([]);
  });

  it('a package is reached by its name, never by a path into it', () => {
    const wrong = violations((file, { specifier }) => {
      if (!specifier.startsWith('.')) return undefined;
      const target = relative(file.workspace.dir, join(dirname(file.path), specifier));
      return target.startsWith('..') ? 'import it by its package’s name' : undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('only store imports the engine', () => {
    const wrong = violations((file, { specifier }) =>
      enginePackages.test(specifier) && file.workspace.name !== '@maru/store'
        ? 'use the Reader of @maru/store'
        : undefined,
    );
    expect(wrong).toEqual([]);
  });

  it('the console takes types from api and nothing else of ours', () => {
    const wrong = violations((file, { specifier, isType }) => {
      const target = ourPackage(specifier);
      if (file.workspace.name !== '@maru/console' || target === undefined) return undefined;
      return target === '@maru/api' && isType ? undefined : 'import type … from @maru/api only';
    });
    expect(wrong).toEqual([]);
  });

  it('the Board imports nothing of Maru', () => {
    const wrong = violations((file, { specifier }) =>
      file.workspace.dir.startsWith('board/') && ourPackage(specifier) !== undefined
        ? 'it is configured by OTEL_* alone'
        : undefined,
    );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it('do not import each other in cycles', () => {
    expect(cycles(new Map(files.map((file) => [file.path, neighboursOf(file)])))).toEqual([]);
  });
});

function neighboursOf({ path, imports }: SourceFile): readonly string[] {
  return imports.flatMap(({ specifier }) =>
    specifier.startsWith('.') ? [join(dirname(path), specifier)] : [],
  );
}

/** The cycles of a graph, each once, as `a → b → a`: depth first, where a way back to a node on the path is one. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (node: string, path: readonly string[]): void => {
    const at = path.indexOf(node);
    if (at >= 0) found.push([...path.slice(at), node].join(' → '));
    if (at >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) walk(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) walk(node, []);
  return found;
}

describe('cycles', () => {
  it('are found, and a diamond is none', () => {
    const diamond = { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] };
    expect(cycles(new Map(Object.entries(diamond)))).toEqual([]);
    expect(cycles(new Map(Object.entries({ ...diamond, d: ['b'] })))).toEqual(['b → d → b']);
  });
});

describe('documents', () => {
  it('ARCHITECTURE.md names files and folders that exist', () => {
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const named = [...text.matchAll(/`((?:packages|board|bench|e2e|docs|deploy)\/[\w./@-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('links between documents lead somewhere', () => {
    const documents = globSync(
      '{*.md,docs/**/*.md,packages/**/README.md,board/**/README.md,bench/*.md,deploy/**/*.md}',
      {
        cwd: root,
        exclude: (name) => name === 'node_modules' || name === '.maru',
      },
    );
    const broken = documents.flatMap((path) =>
      linksOf(path)
        .filter((to) => !existsSync(join(root, dirname(path), to)))
        .map((to) => `${path} → ${to}`),
    );
    expect(broken).toEqual([]);
  });

  it('the lock file holds no download addresses', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock.split('\n').filter((line) => /"resolved":\s*"(?:https?|git)/.test(line))).toEqual([]);
  });
});

/** The targets of a document's links and images that are files of ours, without the anchor. */
function linksOf(path: string): readonly string[] {
  const targets = [...readFileSync(join(root, path), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, target = '']) => target,
  );
  return targets
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ''));
}
