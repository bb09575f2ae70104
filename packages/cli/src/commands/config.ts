import { ConfigError, problemLine } from '@maru/config';
import { loadConfig } from '@maru/server/config';
import type { Command } from '../command.ts';
import type { FileSettings } from '../parts/config-file.ts';
import { messageOf, UserError } from '../user-error.ts';

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
    const settings = await loadConfig(file);
    console.log(`OTLP/HTTP      ${settings.host}:${settings.otlpHttpPort}`);
    console.log(`OTLP/gRPC      ${settings.host}:${settings.otlpGrpcPort}`);
    console.log(`console, APIs  ${settings.consoleHost}:${settings.httpPort}`);
    console.log(`TLS            ${settings.tls?.certPath ?? 'none'}`);
    console.log(`scraped        ${scrapedIn(settings)}`);
    console.log(`kept for       ${settings.retentionDays} days`);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw new UserError(messageOf(thrown));
    for (const problem of thrown.problems) console.error(problemLine(problem));
    return 1;
  }
}

function scrapedIn({ scrapeJobs, prometheusFile }: FileSettings): string {
  const jobs = scrapeJobs.map(({ name, intervalMs }) => `${name} every ${intervalMs / 1000} s`);
  return (
    [...jobs, ...(prometheusFile === undefined ? [] : [`the jobs of ${prometheusFile}`])].join(', ') ||
    'nothing'
  );
}
