import { ConfigError, problemLine } from '@maru/config';
import { checkConfig } from '@maru/server/config';
import { parseStoreAddress } from '@maru/store/address';
import type { Command } from '../command.ts';
import type { FileSettings } from '../parts/config-file.ts';
import { messageOf, UserError } from '../user-error.ts';

/** What a destination is sent in. */
const protocols = { http: 'OTLP/HTTP', grpc: 'OTLP/gRPC', remote_write: 'remote write' } as const;

export const config: Command = {
  name: 'config',
  summary: 'checks a configuration file and says what would run',
  words: 'check FILE',
  flags: {},
  notes:
    'Every problem is named as FILE:LINE:COLUMN. Exit code 0: the file can be used. 1: it cannot; nothing of it would start.',
  run: async ({ words: [action, file, ...rest] }) => {
    if (action !== 'check' || file === undefined || rest.length > 0)
      throw new UserError('./maru config needs "check FILE"', 2);
    return check(file);
  },
};

async function check(file: string): Promise<number> {
  try {
    const { settings, notes } = await checkConfig(file);
    console.log(`OTLP/HTTP      ${settings.host}:${settings.otlpHttpPort}`);
    console.log(`OTLP/gRPC      ${settings.host}:${settings.otlpGrpcPort}`);
    console.log(`console, APIs  ${settings.consoleHost}:${settings.httpPort}`);
    console.log(`TLS            ${settings.tls?.certPath ?? 'none'}`);
    console.log(`scraped        ${scrapedIn(settings)}`);
    for (const line of forwardedIn(settings)) console.log(`forwarded      ${line}`);
    console.log(`kept in        ${keptIn(settings)}`);
    console.log(`kept for       ${settings.retentionDays} days`);
    for (const note of notes) console.log(`note           ${note}`);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw new UserError(messageOf(thrown));
    for (const problem of thrown.problems) console.error(problemLine(problem));
    return 1;
  }
}

function keptIn({ storeUrl }: FileSettings): string {
  return storeUrl === undefined ? 'the data directory' : parseStoreAddress(storeUrl).shown;
}

/** One line for each destination; no header is shown, since there are secrets among them. */
function forwardedIn({ forward }: FileSettings): readonly string[] {
  const lines = (forward?.destinations ?? []).map(({ name, protocol, endpoints, processors }) => {
    const to = Object.entries(endpoints).map(([signal, endpoint]) => `${signal} to ${endpoint}`);
    const through = processors.map(({ kind }) => kind).join(', ');
    return `${name}: ${to.join(', ')} (${protocols[protocol]}${through === '' ? '' : `, through ${through}`})`;
  });
  return lines.length === 0 ? ['nowhere'] : lines;
}

function scrapedIn({ scrapeJobs, prometheusFile }: FileSettings): string {
  const jobs = scrapeJobs.map(({ name, intervalMs }) => `${name} every ${intervalMs / 1000} s`);
  return (
    [...jobs, ...(prometheusFile === undefined ? [] : [`the jobs of ${prometheusFile}`])].join(', ') ||
    'nothing'
  );
}
