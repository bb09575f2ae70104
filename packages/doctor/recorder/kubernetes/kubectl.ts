import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { outputOf } from '../tools/output.ts';
import { programAt } from '../tools/places.ts';
import { kubeconfigOf, type User } from './control-plane.ts';

/** What kubectl prints, as a person would see it. */
export function kubectl(
  args: readonly string[],
  user: User = 'admin',
  program: string = programAt('kubectl'),
): Promise<string> {
  return outputOf(program, args, { env: { KUBECONFIG: kubeconfigOf(user) } });
}

/** Creates or replaces objects. Throws with kubectl's words when the API server refuses. */
export function apply(objects: readonly object[]): void {
  if (objects.length === 0) return;
  execFileSync(programAt('kubectl'), ['--kubeconfig', kubeconfigOf('admin'), 'apply', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** Writes a manifest for `kubectl apply -f`. */
export function written(path: string, object: object): void {
  writeFileSync(path, JSON.stringify(object));
}
