import { resourceOf } from './api/resources.ts';
import { readBundle } from './dump/bundle.ts';
import type { ClusterReader } from './reader.ts';

/**
 * The same eyes on a dump: a directory, or one file of `kubectl get -o yaml|json` and whatever else was pasted. Objects
 * that only a table or a description told are left out, because they are not whole. Rejects when the path cannot be read.
 */
export async function openDump(path: string): Promise<ClusterReader> {
  const seen = await readBundle(path);
  const whole = seen.objects.filter(({ richness }) => richness === 'whole');
  return {
    name: path,
    namespace: '',
    list: async (kind, namespace = '') => {
      const resource = typeof kind === 'string' ? resourceOf(kind) : kind;
      const ofKind = whole.filter((object) => object.kind === resource.kind);
      const isWanted = (own: string): boolean =>
        namespace === '' || !resource.isNamespaced || own === namespace || own === '';
      return {
        objects: ofKind.filter((object) => isWanted(object.namespace)),
        gaps: seen.gaps,
        isServed: ofKind.length > 0,
      };
    },
    log: async ({ pod, container }) => ({
      lines: seen.lines.filter(
        (line) => line.owner === pod && (line.container === container || line.container === ''),
      ),
      gaps: [],
    }),
    close: () => undefined,
  };
}
