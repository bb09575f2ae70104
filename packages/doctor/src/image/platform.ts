/** `linux/arm64`, `linux/arm/v7`; parts in the names that Go and the OCI use. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

const architectures: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  x64: 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
};

/** `linux/amd64`, `amd64`, `linux/aarch64`. Undefined when it names no platform. */
export function platformOf(text: string): Platform | undefined {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[\w.-]{1,32}$/.test(part))) return undefined;
  const [os, architecture, variant] = parts.length === 1 ? ['linux', ...parts] : parts;
  if (os === undefined || architecture === undefined) return undefined;
  return normal({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}

const known = new Set(['amd64', 'arm64', 'arm', '386', 'ppc64le', 's390x', 'riscv64', 'loong64', 'mips64le']);

/** Whether a text without a slash names an architecture, and not something else such as a node. */
export function isArchitecture(text: string): boolean {
  const name = text.toLowerCase();
  return known.has(architectures[name] ?? name);
}

/** Other names of one architecture, and `v8` of arm64, which all arm64 is. */
export function normal({ os, architecture, variant }: Platform): Platform {
  const name = architectures[architecture] ?? architecture;
  const isPlain = variant === undefined || variant === '' || (name === 'arm64' && variant === 'v8');
  return { os, architecture: name, ...(isPlain ? {} : { variant }) };
}

export function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** Whether an image for `has` runs on a node that is `wanted`. A variant counts only where both name one. */
export function fits(has: Platform, wanted: Platform): boolean {
  const sameVariant =
    has.variant === undefined || wanted.variant === undefined || has.variant === wanted.variant;
  return has.os === wanted.os && has.architecture === wanted.architecture && sameVariant;
}
