import { pluralOf, type RecordedObject } from './request.ts';

/** What a client asks to find out which kinds there are; undefined for all else. */
export function discoveryOf(path: string, objects: readonly RecordedObject[]): unknown {
  if (path === '/version') return { major: '1', minor: '36', gitVersion: 'v1.36.2', platform: 'linux/amd64' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  const versions = [...new Set(objects.map(({ apiVersion }) => apiVersion))];
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(versions) };
  const groupVersion = path.replace(/^\/apis?\//, '');
  if (groupVersion !== 'v1' && !versions.includes(groupVersion)) return undefined;
  return { kind: 'APIResourceList', groupVersion, resources: resourcesOf(objects, groupVersion) };
}

function groupsOf(versions: readonly string[]): readonly unknown[] {
  return versions
    .filter((groupVersion) => groupVersion.includes('/'))
    .map((groupVersion) => {
      const version = { groupVersion, version: groupVersion.split('/')[1] };
      return { name: groupVersion.split('/')[0], versions: [version], preferredVersion: version };
    });
}

function resourcesOf(objects: readonly RecordedObject[], groupVersion: string): readonly unknown[] {
  const ofGroup = objects.filter(({ apiVersion }) => apiVersion === groupVersion);
  const byKind = new Map(ofGroup.map((object) => [object.kind, object]));
  return [...byKind.values()].map(({ kind, metadata }) => ({
    name: pluralOf(kind),
    singularName: kind.toLowerCase(),
    namespaced: metadata.namespace !== undefined,
    kind,
    verbs: ['get', 'list'],
  }));
}
