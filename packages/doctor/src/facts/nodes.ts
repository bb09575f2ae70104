import { type SeenObject, textAt } from '@maru/cluster';
import type { Node, Pod } from '../evidence/model.ts';
import { cores } from '../evidence/quantity.ts';

/** A node as any of its forms tells it; requests are summed over the pods seen on it when the node does not tell them. */
export function nodeFrom(object: SeenObject, pods: readonly Pod[]): Node {
  const { value, name } = object;
  return {
    name,
    architecture:
      textAt(value, 'status', 'nodeInfo', 'architecture') ||
      textAt(value, 'metadata', 'labels', 'kubernetes.io/arch'),
    operatingSystem:
      textAt(value, 'status', 'nodeInfo', 'operatingSystem') ||
      textAt(value, 'metadata', 'labels', 'kubernetes.io/os'),
    allocatableCpuCores: cores(textAt(value, 'status', 'allocatable', 'cpu')),
    requestedCpuCores: cores(textAt(value, 'status', 'requested', 'cpu')) ?? requestsOn(name, pods),
    isUnschedulable:
      textAt(value, 'spec', 'unschedulable') === 'true' ||
      textAt(value, 'table', 'STATUS').includes('SchedulingDisabled'),
    where: object.where,
  };
}

/** Only meaningful when the pods' specs were seen; a sum over nothing is not "0 requested". */
function requestsOn(node: string, pods: readonly Pod[]): number | undefined {
  const requests = pods
    .filter((pod) => pod.node === node)
    .flatMap((pod) => pod.containers.map(({ cpuRequestCores }) => cpuRequestCores))
    .filter((request) => request !== undefined);
  return requests.length === 0 ? undefined : requests.reduce((sum, request) => sum + request, 0);
}
