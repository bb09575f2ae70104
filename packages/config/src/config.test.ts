import { describe, expect, it } from 'vitest';
import {
  boolean,
  bytes,
  ConfigError,
  defaulted,
  duration,
  fields,
  httpUrl,
  integer,
  list,
  mapOf,
  name,
  oneOf,
  optional,
  Problems,
  problemLine,
  readYaml,
  referenceTable,
  required,
} from './index.ts';

const table = fields({
  host: defaulted(name, '127.0.0.1', '127.0.0.1', 'Where it listens.'),
  size: defaulted(bytes, 1, '1', 'How large.'),
  wait: optional(duration, 'How long.'),
  fsync: defaulted(oneOf('always', 'interval'), 'always', 'always', 'When.'),
  on: optional(boolean, 'Whether.'),
  origins: defaulted(list(name), [], 'none', 'Which.'),
  to: optional(
    mapOf(fields({ url: required(httpUrl, 'Whither.'), count: optional(integer(1, 9), 'n') }), /^[a-z]+$/),
    'x',
  ),
});

/** A variable as a file names it. */
function variable(inside: string): string {
  return `\${${inside}}`;
}

function read(text: string, environment: Record<string, string> = {}): unknown {
  const problems = new Problems();
  const value = table.read(readYaml(text, 'maru.yaml', environment), '', problems);
  problems.throwIfAny();
  return value;
}

function problemsOf(text: string): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map(problemLine) : [String(error)];
  }
}

describe('a configuration file', () => {
  it('is read with its units, and what is left out has its default', () => {
    expect(read('size: 64MiB\nwait: 1m30s\non: true\norigins: [a, b]\n')).toEqual({
      host: '127.0.0.1',
      size: 64 * 1024 * 1024,
      wait: 90_000,
      fsync: 'always',
      on: true,
      origins: ['a', 'b'],
      to: undefined,
    });
  });

  it('may be empty', () => {
    expect(read('')).toMatchObject({ host: '127.0.0.1' });
  });

  it('takes variables of the environment, with defaults, and $$ for a dollar', () => {
    const text = `host: ${variable('env:HOST')}\nsize: ${variable('SIZE:-2KB')}\norigins: a$$b`;
    expect(read(text, { HOST: 'example.org' })).toMatchObject({
      host: 'example.org',
      size: 2000,
      origins: ['a$b'],
    });
  });

  it('never shows a value of the environment', () => {
    const act = (): unknown => read(`fsync: ${variable('env:TOKEN')}`, { TOKEN: 'secret' });
    expect(act).toThrow('fsync must be always or interval, but is something else');
    expect(act).not.toThrow('secret');
  });

  it.each([
    ['siez: 3', ['maru.yaml:1:1: there is no setting siez; did you mean size?']],
    ['elephant: 3', [/^maru.yaml:1:1: there is no setting elephant; here may stand host, size/]],
    ['size: many', ['maru.yaml:1:7: size must be a size such as 64MiB, but is "many"']],
    ['wait: 5', ['maru.yaml:1:7: wait must be a duration such as 5s, but is 5']],
    ['fsync:\n  a: 1', ['maru.yaml:2:3: fsync must be always or interval, but is a map']],
    [`host: ${variable('env:NOBODY')}`, [/^maru.yaml:1:7: the variable NOBODY is not set/]],
    ['a: [1', [/^maru.yaml:1:\d+: this is not valid YAML: /]],
    ['size: 1\nsize: 2', [/^maru.yaml:2:1: this is not valid YAML: Map keys must be unique/]],
    [
      'to:\n  x: {count: 12}',
      [
        'maru.yaml:2:6: to.x.url is missing: it must be an http or https address',
        /to.x.count must be a whole number from 1 to 9, but is 12/,
      ],
    ],
    [
      'to:\n  A: {url: ftp://x}',
      [
        /^maru.yaml:2:3: to.A: a name may have/,
        /to.A.url must be an http or https address, but is "ftp:\/\/x"/,
      ],
    ],
    ['- 1', ['maru.yaml:1:1: the file must be a map, but is a list']],
  ] as const)('%j is answered with place and reason', (text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(expected.length);
    for (const [index, sentence] of expected.entries()) {
      if (typeof sentence === 'string') expect(problems[index]).toBe(sentence);
      else expect(problems[index]).toMatch(sentence);
    }
  });

  it('names all problems at once', () => {
    expect(problemsOf('size: x\nwait: y\nto: {a: {url: z}}')).toHaveLength(3);
    expect(() => read('size: x\nwait: y')).toThrow(/and 1 more problem: see \.\/maru config check$/);
  });

  it('has its reference from the same table', () => {
    const text = referenceTable(table.inner ?? []);
    expect(text).toContain('| `to.NAME.url` | an http or https address | must be given | Whither. |');
  });
});
