import type { Container, Evidence, Pod } from '../evidence/model.ts';
import type { Match } from './cause.ts';
import type { Found } from './finding.ts';
import { podOf } from './position.ts';
import type { Values } from './text.ts';

/** What fills the texts of a finding: what its first telling match named, and what the evidence knows around it. */
export function valuesOf(found: Found, evidence: Evidence): Values {
  const match = found.matches.find(({ about }) => about === found.about) ?? found.matches[0];
  if (match === undefined) return {};
  const pod = podOf(match, evidence);
  const container = containerOf(pod, match);
  const node = nodeNameOf(match, pod);
  const known: Values = {
    namespace: match.subject.namespace,
    name: match.subject.name,
    pod: match.subject.kind === 'Pod' ? match.subject.name : '',
    workload: pod?.workload ?? '',
    container: match.subject.container ?? container?.name ?? '',
    image: container?.image ?? '',
    memoryLimit: container?.memoryLimit ?? '',
    node,
    platform: platformOf(node, evidence),
    namespaceFlag: match.subject.namespace === '' ? '' : ` -n ${match.subject.namespace}`,
  };
  const values: Values = { ...known, ...withoutEmpty(match.values), about: found.about };
  return { ...values, repository: repositoryOf(values.image ?? '') };
}

/** An image's name without its tag and digest: `registry:5000/app` of `registry:5000/app:1.2.0`. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

function containerOf(pod: Pod | undefined, match: Match): Container | undefined {
  const containers = pod?.containers ?? [];
  return (
    containers.find(({ name }) => name !== '' && name === match.subject.container) ??
    containers.find(({ image }) => image !== '' && image === match.about) ??
    (containers.length === 1
      ? containers[0]
      : containers.find(({ isReady, isInit }) => isReady === false && !isInit))
  );
}

function nodeNameOf(match: Match, pod: Pod | undefined): string {
  return match.subject.kind === 'Node' ? match.subject.name : (pod?.node ?? '');
}

/** `linux/amd64`; empty when the node was not seen. Where all nodes seen are alike, theirs will do. */
function platformOf(name: string, { nodes }: Evidence): string {
  const platforms = new Set(
    nodes
      .filter((node) => node.architecture !== '' && (name === '' || node.name === name))
      .map(({ operatingSystem, architecture }) => `${operatingSystem || 'linux'}/${architecture}`),
  );
  return platforms.size === 1 ? ([...platforms][0] ?? '') : '';
}

function withoutEmpty(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
