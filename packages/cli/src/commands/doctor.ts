import { examineBundle, type Language, languageOf } from '@maru/doctor';
import type { Arguments, Command } from '../command.ts';
import { bundleFlags, writeBundle } from '../doctor/bundle.ts';
import { environmentFlags, examineEnvironments } from '../doctor/environment.ts';
import { examineImageNamed, imageFlags } from '../doctor/image.ts';
import { examineWhatRuns, liveFlags, questionOf } from '../doctor/live.ts';
import { examineOtlp, otlpFlags } from '../doctor/otlp.ts';
import { probeFlags } from '../doctor/probe-flags.ts';
import { tellDiagnosis } from '../doctor/report.ts';
import { textFlag } from '../flag-values.ts';
import { messageOf, UserError } from '../user-error.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'the cause, not the status, of a pod or telemetry that does not arrive',
  words: '[env [-- COMMAND] | otlp URL | image IMAGE | bundle]',
  flags: {
    bundle: {
      type: 'string',
      value: 'PATH',
      help: 'a dump of a cluster: a directory, a .tar.gz, or one file of kubectl output and logs as pasted',
    },
    ...environmentFlags,
    lang: { type: 'string', value: 'en|ko', help: 'language of the report; without it, that of LANG' },
    ...liveFlags,
    ...bundleFlags,
    ...otlpFlags,
    ...imageFlags,
    ...probeFlags,
    json: {
      type: 'boolean',
      help: 'print the diagnosis as one JSON document (docs/reference/doctor.schema.json)',
    },
    markdown: { type: 'boolean', help: 'print the diagnosis as Markdown, to paste into an issue' },
  },
  notes:
    'Changes nothing, and prints no secrets. Exit code 0 when nothing is wrong, 1 with findings, 2 when it could not look.\n' +
    'Without a word it looks at the cluster of the kubeconfig (with `get` and `list` only), at the ledger of the stack, and at\n' +
    'the services of this machine.\n' +
    'A pasted `kubectl describe pod` is enough to begin with:\n' +
    '  kubectl describe pod NAME > pod.txt && ./maru doctor --bundle pod.txt\n' +
    '`doctor env` tells what an OpenTelemetry SDK will really do with the OTEL_* variables: of this shell, of a command line (which\n' +
    'is read and not run), of a running process, or of a Deployment.\n' +
    '`doctor otlp URL` walks the way to a receiver and sends one span, one point and one log record of maru-doctor.\n' +
    '`doctor image IMAGE --for linux/amd64` asks the registry whether the image is there and runs on such nodes.',
  run: async (args) => {
    const language = languageFlag(args);
    const [word, what, ...more] = args.words;
    const bundle = textFlag(args, 'bundle');
    if (word === undefined && bundle !== undefined) return examineDump(args, bundle, language);
    if (word === undefined) return examineWhatRuns(args, language);
    if (word === 'bundle' && what === undefined) return writeBundle(args);
    if (word === 'env') return examineEnvironments(args, language);
    if (word === 'otlp' && more.length === 0) return examineOtlp(args, what, language);
    if (word === 'image' && more.length === 0) return examineImageNamed(args, what, language);
    throw new UserError(`maru doctor does not know "${args.words.join(' ')}"; see ./maru help doctor`, 2);
  },
};

async function examineDump(args: Arguments, path: string, language: Language): Promise<number> {
  return tellDiagnosis(args, await readable(path, () => examineBundle(path, questionOf(args))), language);
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${messageOf(error)}; give a path that exists`, 2);
  }
}

function languageFlag(args: Arguments): Language {
  const language = textFlag(args, 'lang') ?? languageOf(process.env);
  if (language === 'en' || language === 'ko') return language;
  throw new UserError(`--lang must be en or ko, but is "${language}"`, 2);
}
