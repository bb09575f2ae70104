import { readFile } from 'node:fs/promises';
import {
  commandSettings,
  type Diagnosis,
  examineText,
  type Language,
  planLines,
  planOf,
  readProcess,
  readWorkloadSettings,
  variablesIn,
  type WorkloadSettings,
} from '@maru/doctor';
import type { Arguments, Flags } from '../command.ts';
import { isOn, textFlag } from '../flag-values.ts';
import { messageOf, UserError } from '../user-error.ts';
import { openedReader } from './live.ts';
import { tellDiagnosis } from './report.ts';

export const environmentFlags: Flags = {
  file: { type: 'string', value: 'FILE', help: 'with env: NAME=value lines instead of this environment' },
  pid: { type: 'string', value: 'PID', help: 'with env: what a running process was started with' },
  deployment: {
    type: 'string',
    value: 'NAME',
    help: 'with env: a Deployment, StatefulSet or DaemonSet of the cluster, its ConfigMaps filled in',
  },
};

type Variables = Readonly<Record<string, string | undefined>>;

/** Settings to look at, under the name that they are quoted with, and what is to be said of them beside the plan. */
interface Environment {
  readonly name: string;
  readonly variables: Variables;
  readonly notes: readonly string[];
  readonly isBroken: boolean;
}

/** `maru doctor env [-- COMMAND | --file F | --pid P | --deployment D]`. */
export async function examineEnvironments(args: Arguments, language: Language): Promise<number> {
  const found = await environmentsOf(args);
  const told = found.map((environment) => ({ environment, ...examined(environment) }));
  if (isOn(args, 'json')) {
    const documents = told.map(({ environment, plan, diagnosis }) => ({
      name: environment.name,
      notes: environment.notes,
      plan,
      ...diagnosis,
    }));
    console.log(JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2));
  } else for (const one of told) tellEnvironment(args, one, found.length > 1, language);
  return told.some(({ environment, diagnosis }) => environment.isBroken || diagnosis.findings.length > 0)
    ? 1
    : 0;
}

interface Examined {
  readonly environment: Environment;
  readonly plan: ReturnType<typeof planOf>;
  readonly diagnosis: Diagnosis;
}

function examined({ name, variables }: Environment): Omit<Examined, 'environment'> {
  const lines = Object.entries(variables)
    .filter(([key]) => key.startsWith('OTEL_'))
    .map(([key, value]) => `${key}=${value}`);
  return { plan: planOf(variables), diagnosis: examineText(name, lines.join('\n')) };
}

function tellEnvironment(
  args: Arguments,
  { environment, plan, diagnosis }: Examined,
  isNamed: boolean,
  language: Language,
): void {
  if (isNamed) console.log(`\n${environment.name}`);
  console.log([...planLines(plan), ...environment.notes].join('\n'));
  if (diagnosis.findings.length > 0) tellDiagnosis(args, diagnosis, language);
}

async function environmentsOf(args: Arguments): Promise<readonly Environment[]> {
  const command = args.words.slice(1);
  const deployment = textFlag(args, 'deployment');
  const file = textFlag(args, 'file');
  const pid = textFlag(args, 'pid');
  const given = [command.length > 0, ...[deployment, file, pid].map((one) => one !== undefined)].filter(
    Boolean,
  );
  if (given.length > 1)
    throw new UserError('maru doctor env looks at one thing: a command, --file, --pid or --deployment', 2);
  if (deployment !== undefined) return ofWorkload(args, deployment);
  if (file !== undefined) return [plain(file, variablesIn(await textOf(file)))];
  if (pid !== undefined) return [await ofProcess(pid)];
  return [command.length === 0 ? plain('env', process.env) : await ofCommand(command)];
}

function plain(name: string, variables: Variables): Environment {
  return { name, variables, notes: [], isBroken: false };
}

async function ofCommand(words: readonly string[]): Promise<Environment> {
  const { variables, files, removed, isEmpty } = commandSettings(words);
  const inherited = isEmpty ? {} : process.env;
  const kept = Object.entries(inherited).filter(([name]) => !removed.includes(name));
  const texts = await Promise.all(files.map(textOf));
  // What stands in the environment wins over a file: Node and Docker both have it so.
  const merged = {
    ...Object.assign({}, ...texts.map(variablesIn)),
    ...Object.fromEntries(kept),
    ...variables,
  };
  return plain('command', merged);
}

async function ofProcess(text: string): Promise<Environment> {
  const pid = Number(text);
  const seen = Number.isInteger(pid) && pid > 0 ? await readProcess(pid) : undefined;
  if (seen === undefined)
    throw new UserError(
      `cannot read the environment of process ${text}: it has ended, is another user’s (try with sudo), or this system has no /proc`,
      2,
    );
  return plain(`process ${pid} (${seen.command})`, seen.variables);
}

async function ofWorkload(args: Arguments, name: string): Promise<readonly Environment[]> {
  const reader = await openedReader(args);
  try {
    const namespace = textFlag(args, 'namespace') ?? reader.namespace;
    const { containers, gaps } = await readWorkloadSettings(reader, name, namespace);
    for (const { text } of gaps) console.error(text.en);
    if (containers.length > 0) return containers.map(environmentOf);
    throw new UserError(
      `there is no Deployment, StatefulSet or DaemonSet ${name} in namespace ${namespace} that can be seen`,
      2,
    );
  } finally {
    reader.close();
  }
}

/** Of a Secret its name is told and never a value. */
function environmentOf({ where, variables, sources, missing, overridden }: WorkloadSettings): Environment {
  const fromElsewhere = Object.entries(sources).filter(
    ([key, source]) => key.startsWith('OTEL_') && source !== 'env',
  );
  return {
    name: where,
    variables,
    notes: [
      ...fromElsewhere.map(([key, source]) => `from     ${key}: ${source}`),
      ...missing.map((what) => `missing  ${what}`),
      ...overridden.map((what) => `replaced ${what}`),
    ],
    isBroken: missing.length > 0,
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${messageOf(error)}; give a path that exists`, 2);
  }
}
