/**
 * The ladder of a pod's life. A pod climbs it in this order and a symptom on one step proves every step before it, which
 * is what "ruled out" rests on: an image is pulled only for a pod that was scheduled, so a pull error refutes a lack of
 * CPU. `volumes` stands before `sandbox` because the kubelet mounts before it makes the sandbox (`syncPod`: wait for
 * volumes, then the runtime's `SyncPod`).
 */
export const steps = [
  'admitted',
  'scheduled',
  'volumes',
  'sandbox',
  'image',
  'configuration',
  'started',
  'running',
  'ready',
  'endpoint',
  'route',
  'telemetry',
] as const;

export type Step = (typeof steps)[number];

/** Position on the ladder, 0 for `admitted`. */
export function heightOf(step: Step): number {
  return steps.indexOf(step);
}
