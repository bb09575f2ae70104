import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { startNameServer } from '../tools/name-server.ts';
import { programAt } from '../tools/places.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';
import { admission } from './admission.ts';
import { configuration } from './configuration.ts';
import { ControlPlane } from './control-plane.ts';
import { Node } from './node.ts';
import { probes } from './probes.ts';
import { images } from './pulling.ts';
import { startRegistries } from './registries.ts';
import { running } from './running.ts';
import { recordScenario, type Scenario } from './scenario.ts';
import { scheduling } from './scheduling.ts';
import { network, telemetry } from './settings.ts';
import { pressures, sandboxes, storage } from './trouble.ts';

function versionIn(program: string, args: readonly string[]): string {
  const said = execFileSync(program, args, { encoding: 'utf8' });
  return /v?(\d+\.\d+\.\d+)/.exec(said)?.[1] ?? 'unknown';
}

const version = versionIn(programAt('kube-apiserver'), ['--version']);
const client = versionIn(programAt('kubectl'), ['version', '--client']);
const tools = `kubectl ${client} (and 1.20.2 where it says so) from Kubernetes ${version}`;
const containerd = versionIn(programAt('containerd'), ['--version']);
const ofNode = `${tools} with containerd ${containerd}`;
/** Debian's containerd is the usual one. */
const folder = `kubernetes-${version}${containerd.startsWith('1.') ? '' : `-containerd-${containerd}`}`;

/** Families to record, with commas between; all when it is empty. */
const only = process.env.ONLY ?? '';

async function recordFamily(
  family: string,
  scenarios: readonly Scenario[],
  who = tools,
  together = 1,
): Promise<void> {
  if (only !== '' && !only.split(',').includes(family)) return;
  const recordings: Recording[] = [];
  const named = scenarios.map((scenario, index) => ({ scenario, namespace: `${family}-${index + 1}` }));
  for (let at = 0; at < named.length; at += together) {
    const some = named.slice(at, at + together);
    const all = await Promise.all(some.map(({ scenario, namespace }) => recordScenario(scenario, namespace)));
    recordings.push(...all.flat());
  }
  if (recordings.length > 0) writeRecordings(`${folder}/${family}.txt`, who, recordings);
}

/** A real cluster, in which everything goes wrong that a cause tells of. */
export async function record(): Promise<void> {
  mkdirSync('/srv/kubernetes', { recursive: true });
  const plane = await ControlPlane.start();
  await recordFamily('admission', admission, tools, 6);
  await recordFamily('scheduling', scheduling);
  const names = startNameServer();
  const registries = await startRegistries();
  const node = await Node.start(registries.mirrors);
  await recordFamily('images', images, ofNode, 7);
  await recordFamily('configuration', configuration, ofNode, 7);
  await recordFamily('running', running, ofNode, 7);
  await recordFamily('probes', probes, ofNode, 7);
  await recordFamily('telemetry', telemetry, tools, 7);
  await recordFamily('network', network, ofNode, 9);
  await recordFamily('storage', storage, ofNode);
  await recordFamily('sandboxes', sandboxes, ofNode);
  await recordFamily('nodes', pressures(node), ofNode);
  await node.close();
  await registries.close();
  await names.close();
  await plane.close();
}
