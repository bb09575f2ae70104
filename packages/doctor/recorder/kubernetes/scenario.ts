import { join } from 'node:path';
import { places } from '../tools/places.ts';
import type { Recording } from '../tools/recording.ts';
import { until } from '../tools/wait.ts';
import type { User } from './control-plane.ts';
import { apply, kubectl } from './kubectl.ts';

/** A command of kubectl, and what the doctor must make of its output. */
export interface View {
  /** As typed behind `kubectl`; `-n NAMESPACE` is added. */
  readonly args: string;
  /** Other causes than the scenario's, where this view shows less or more. */
  readonly fires?: readonly string[] | ((text: string) => readonly string[]);
  readonly follows?: readonly string[];
  readonly user?: User;
  /** Debian's kubectl of 2020, too. */
  readonly alsoOld?: boolean;
  /** The object is cluster-wide. */
  readonly isWide?: boolean;
}

/** Something made to fail in a namespace of its own. */
export interface Scenario {
  readonly name: string;
  readonly fires: readonly string[];
  readonly follows?: readonly string[];
  readonly unlike?: readonly string[];
  readonly objects: readonly object[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Seen in the events or in the pods when it has failed. */
  readonly shows: RegExp;
  readonly seconds?: number;
  readonly views: readonly View[];
  readonly before?: (namespace: string) => Promise<void> | void;
  /** Once its objects are there. */
  readonly meanwhile?: (namespace: string) => Promise<void>;
  readonly after?: () => Promise<void> | void;
  /** Clean up when done; a scenario that others build on stays. */
  readonly stays?: boolean;
}

/** The views of a pod that does not get on. */
export function podViews(fires?: readonly string[], table?: readonly string[]): readonly View[] {
  const same = fires === undefined ? {} : { fires };
  return [
    { args: 'describe pod', alsoOld: true, ...same },
    { args: 'get events', ...same },
    { args: 'get pods,events -o json', ...same },
    ...(table === undefined ? [] : [{ args: 'get pods -o wide', fires: table }]),
  ];
}

/** A table of pods that crash shows one status or another, as they come and go. */
export function byStatus(text: string): readonly string[] {
  if (/CrashLoopBackOff/.test(text)) return ['crash-loop'];
  if (/OOMKilled/.test(text)) return ['out-of-memory'];
  return /\bError\b/.test(text) ? ['exited-with-error'] : [];
}

/** Objects whose namespace is another, or which have none. */
const clusterWide =
  /^(?:Node|PersistentVolume|StorageClass|PriorityClass|Namespace|CSIDriver|RuntimeClass|IngressClass|\w+WebhookConfiguration|ValidatingAdmissionPolicy\w*|ClusterRole\w*|CustomResourceDefinition)$/;

export function placed(object: object, namespace: string): object {
  const { kind, metadata } = object as { readonly kind: string; readonly metadata: object };
  return clusterWide.test(kind) ? object : { ...object, metadata: { namespace, ...metadata } };
}

/** Makes it fail, waits until it shows, and takes down what kubectl says. */
export async function recordScenario(scenario: Scenario, namespace: string): Promise<readonly Recording[]> {
  const { objects, labels = {}, shows, seconds = 40 } = scenario;
  apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }]);
  await until('the service account', async () =>
    /default/.test(await kubectl(['get', 'serviceaccount', '-n', namespace])),
  );
  await scenario.before?.(namespace);
  apply(objects.map((object) => placed(object, namespace)));
  await scenario
    .meanwhile?.(namespace)
    .catch((error) => process.stderr.write(`${scenario.name}: ${String(error)}\n`));
  await shown(scenario, namespace, shows, seconds);
  const recordings: Recording[] = [];
  for (const view of scenario.views) recordings.push(...(await recordingsOf(scenario, view, namespace)));
  await scenario.after?.();
  if (scenario.stays !== true) await cleared(objects, namespace);
  return recordings;
}

/** A scenario that does not come about is told, and recorded as it is: what it lacks is seen when its recording is tried. */
async function shown({ name }: Scenario, namespace: string, shows: RegExp, seconds: number): Promise<void> {
  let seen = '';
  try {
    await until(
      `${shows} in ${name}`,
      async () => {
        const all = ['events', 'all'].map((what) => kubectl(['get', what, '-n', namespace]));
        seen = (await Promise.all(all)).join('');
        return shows.test(seen);
      },
      seconds,
    );
  } catch (error) {
    process.stderr.write(`${String(error)}\n${seen}\n`);
  }
}

async function recordingsOf(
  scenario: Scenario,
  view: View,
  namespace: string,
): Promise<readonly Recording[]> {
  const args = [...view.args.split(' '), ...(view.isWide === true ? [] : ['-n', namespace])];
  const { fires, follows, unlike } = scenario;
  const text = await kubectl(args, view.user);
  const expected = {
    fires: typeof view.fires === 'function' ? view.fires(text) : (view.fires ?? fires),
    ...(view.fires === undefined && follows !== undefined ? { follows } : {}),
    ...(view.follows === undefined ? {} : { follows: view.follows }),
    ...(unlike === undefined ? {} : { unlike }),
  };
  const title = `${scenario.name}: kubectl ${view.args}`;
  const now = { title, ...expected, text };
  if (view.alsoOld !== true) return [now];
  const old = join(places.debian, 'usr/bin/kubectl');
  return [
    now,
    { title: `${title}, by kubectl 1.20`, ...expected, text: await kubectl(args, view.user, old) },
  ];
}

async function cleared(objects: readonly object[], namespace: string): Promise<void> {
  for (const object of objects) {
    const { kind, metadata } = object as {
      readonly kind: string;
      readonly metadata: { readonly name: string };
    };
    if (clusterWide.test(kind)) await kubectl(['delete', kind, metadata.name, '--wait=false']);
  }
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
}
