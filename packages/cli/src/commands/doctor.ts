import { examineBundle, type Language, languageOf, reportLines } from '@maru/doctor';
import type { Arguments, Command } from '../command.ts';
import { isOn, textFlag } from '../flag-values.ts';
import { styleFor } from '../terminal/style.ts';
import { messageOf, UserError } from '../user-error.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'the cause, not the status, of a pod or telemetry that does not arrive',
  flags: {
    bundle: {
      type: 'string',
      value: 'PATH',
      help: 'a dump of a cluster: a directory, or one file of kubectl output and logs as pasted',
    },
    lang: { type: 'string', value: 'en|ko', help: 'language of the report; without it, that of LANG' },
    json: { type: 'boolean', help: 'print the diagnosis as one JSON document' },
  },
  notes:
    'Reads only, and prints no secrets. Exit code 0 when nothing is wrong, 1 with findings, 2 when it could not look.\n' +
    'A pasted `kubectl describe pod` is enough to begin with:\n' +
    '  kubectl describe pod NAME > pod.txt && ./maru doctor --bundle pod.txt',
  run: async (args) => {
    const diagnosis = await examine(pathOf(args));
    if (isOn(args, 'json')) console.log(JSON.stringify(diagnosis, null, 2));
    else console.log(reportLines(diagnosis, languageFlag(args), styleFor(process.stdout)).join('\n'));
    return { healthy: 0, findings: 1, 'nothing-seen': 2 }[diagnosis.status];
  },
};

function pathOf(args: Arguments): string {
  const path = textFlag(args, 'bundle');
  if (path !== undefined) return path;
  throw new UserError('maru doctor needs something to look at: give --bundle PATH', 2);
}

async function examine(path: string): ReturnType<typeof examineBundle> {
  try {
    return await examineBundle(path);
  } catch (error) {
    throw new UserError(
      `cannot read the bundle ${path}: ${messageOf(error)}; give a directory or file that exists`,
      2,
    );
  }
}

function languageFlag(args: Arguments): Language {
  const language = textFlag(args, 'lang') ?? languageOf(process.env);
  if (language === 'en' || language === 'ko') return language;
  throw new UserError(`--lang must be en or ko, but is "${language}"`, 2);
}
