import { Supervisor } from '@maru/server/supervise';
import { readTls } from '@maru/server/tls';
import { parseStoreAddress } from '@maru/store/address';
import { consoleFrontEnd } from '../build/front-end.ts';
import type { Arguments, Command } from '../command.ts';
import { isOn, textFlag } from '../flag-values.ts';
import { localUrl } from '../parts/board.ts';
import { configFile } from '../parts/config-file.ts';
import { checkExposure } from '../parts/exposure.ts';
import { stackClaims, stackFlags, stackHosts, stackPorts } from '../parts/flags.ts';
import { openPlaces } from '../parts/places.ts';
import { prometheusFile } from '../parts/prometheus-file.ts';
import { checkRules, ruleSettings } from '../parts/rules.ts';
import { stackSettings, startStackChildren } from '../parts/stack.ts';
import { tlsFiles, tlsFlags } from '../parts/tls.ts';
import { checkPorts } from '../ports/claim.ts';
import { Interrupted, Interruption } from '../process/interruption.ts';
import { prefixed } from '../terminal/prefixed.ts';
import { Progress } from '../terminal/progress.ts';
import { buildMissing } from '../up/build-missing.ts';
import { messageOf, UserError } from '../user-error.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'runs the stack alone in the foreground: the command for production',
  flags: {
    ...stackFlags,
    ...tlsFlags,
    store: {
      type: 'string',
      value: 'URL',
      help: 'a ClickHouse server that keeps the data, clickhouse://… (see docs/scale.md); a password is safer in the configuration file',
    },
    prometheus: {
      type: 'string',
      value: 'FILE',
      help: 'a configuration of Prometheus whose scrape_configs are scraped; read anew when it changes',
    },
    'promql-experimental': {
      type: 'boolean',
      help: 'PromQL functions and syntax that a default Prometheus 3 has switched off',
    },
    rules: {
      type: 'string',
      value: 'GLOB',
      repeats: true,
      help: "files of recording and alerting rules in Prometheus's format",
    },
    alertmanager: {
      type: 'string',
      value: 'URL',
      repeats: true,
      help: 'an Alertmanager that alerts are told',
    },
  },
  notes:
    'Listens on loopback. --host lets others send, who then need a key (./maru key create NAME); --host-console lets them reach the\nconsole and the query APIs, for which they need one that reads (./maru key create NAME --read). Keys may also stand in the\nconfiguration file (keys:). Lines of both processes go to standard output.\nSIGTERM and Ctrl-C end it in order within 5 s.',
  run: async (args) => {
    const { dataDir } = openPlaces(textFlag(args, 'data'));
    const config = await configFile(textFlag(args, 'config'), dataDir);
    const hosts = stackHosts(args, config);
    const ports = stackPorts(args, config);
    const prometheus = await prometheusFile(args);
    const tls = tlsFiles(args, config.tls);
    if (tls !== undefined) await readTls(tls);
    const clientCertificates = tls?.clientCaPath !== undefined;
    for (const warning of await checkExposure({ dataDir, keys: config.keys, clientCertificates, ...hosts }))
      console.error(`maru: ${warning}`);
    const promqlExperimental = isOn(args, 'promql-experimental') || config.promqlExperimental;
    const rules = ruleSettings(args, config.rules);
    for (const warning of await checkRules(rules, promqlExperimental)) console.error(`maru: ${warning}`);
    await checkPorts(stackClaims(ports, hosts));
    const supervisor = new Supervisor({ say: (child, line) => console.log(prefixed(child, line)) });
    const interruption = new Interruption(() => supervisor.kill());
    const start = async (): Promise<void> => {
      await buildMissing([consoleFrontEnd], new Progress(process.stderr), interruption.signal);
      const settings = {
        ...stackSettings(config, dataDir, hosts, ports, tls),
        promqlExperimental,
        rules,
        ...prometheus,
        ...storeOf(args),
      };
      await startStackChildren(supervisor, settings, 'all');
      const plainUrl = localUrl(hosts.consoleHost, ports.console);
      const consoleUrl = tls === undefined ? plainUrl : plainUrl.replace(/^http:/, 'https:');
      console.log(`maru: ready, console and query APIs on ${consoleUrl}, data in ${dataDir}`);
    };
    return runUntilInterrupted(start, supervisor, interruption);
  },
};

function storeOf(args: Arguments): { readonly storeUrl?: string } {
  const storeUrl = textFlag(args, 'store');
  if (storeUrl === undefined) return {};
  try {
    parseStoreAddress(storeUrl);
    return { storeUrl };
  } catch (thrown) {
    throw new UserError(`--store: ${messageOf(thrown)}`, 2);
  }
}

async function runUntilInterrupted(
  start: () => Promise<void>,
  supervisor: Supervisor,
  interruption: Interruption,
): Promise<number> {
  try {
    await interruption.orInterrupted(start());
    await interruption.heard();
    return 0;
  } catch (thrown) {
    if (thrown instanceof Interrupted) return 130;
    throw thrown;
  } finally {
    await supervisor.stop();
    interruption.close();
  }
}
