/** An image's name, taken apart as Docker does. */
export interface ImageReference {
  /** As it was given, without a scheme. */
  readonly given: string;
  /** Host, with its port when there is one: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** Where the registry's API is: Docker Hub's is on another host than its name says. */
  readonly apiHost: string;
  readonly repository: string;
  /** A tag, or a digest such as `sha256:…`. */
  readonly reference: string;
}

const longestName = 512;
const path = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const ending = /(?:@(?<digest>[a-z0-9+._-]+:[a-fA-F0-9]{32,128})|:(?<tag>\w[\w.-]{0,127}))$/;

/** Undefined when the text is no image's name. A tag beside a digest is dropped: the digest decides. */
export function referenceOf(text: string): ImageReference | undefined {
  if (text.length > longestName) return undefined;
  const found = ending.exec(text);
  const reference = found?.groups?.digest ?? found?.groups?.tag ?? 'latest';
  const untagged = found === null ? text : text.slice(0, found.index);
  const name = found?.groups?.digest === undefined ? untagged : untagged.replace(/:\w[\w.-]*$/, '');
  const { registry, rest } = splitRegistry(name);
  const isHub = registry === 'docker.io' || registry === 'index.docker.io';
  const repository = isHub && !rest.includes('/') ? `library/${rest}` : rest;
  if (!path.test(repository) || URL.parse(`https://${registry}/`)?.host === undefined) return undefined;
  const apiHost = isHub ? 'registry-1.docker.io' : registry;
  return { given: text, registry: isHub ? 'docker.io' : registry, apiHost, repository, reference };
}

/** The first part is a host when it has a dot or a port, or is `localhost`; all else is of Docker Hub. */
function splitRegistry(name: string): { readonly registry: string; readonly rest: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return isHost && /^(?:\w|\[)[\w.:[\]-]*$/.test(first)
    ? { registry: first, rest: name.slice(slash + 1) }
    : { registry: 'docker.io', rest: name };
}
