import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOf, renderedContainer } from './container.ts';
import { repository } from './repository.ts';

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

interface Service {
  readonly image: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly tmpfs: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly mem_limit?: string;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
}

const path = `${repository}/deploy/compose/compose.yaml`;
const { services, networks }: Compose = parse(readFileSync(path, 'utf8'), { merge: true });

function on(network: string): readonly string[] {
  return Object.keys(services).filter((name) => services[name]?.networks.includes(network));
}

describe.each(Object.entries(services))('%s', (_name, service) => {
  it('is restricted as on Kubernetes', () => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.tmpfs).toContain('/tmp');
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
  });

  it('is published on loopback, if at all', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('has no value for a password', () => {
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      if (/PASSWORD$|HEADERS/.test(name) && !name.includes('RANDOM'))
        expect(value).toMatch(/^\$\{\w+:[?-]\}$/);
    }
  });
});

it('the database is on a network of its own, with the API alone and no way out', () => {
  expect(services.mariadb?.networks).toEqual(['database']);
  expect(on('database')).toEqual(['board-api', 'mariadb']);
  expect(networks.database?.internal).toBe(true);
});

it('the programs are given variables that the manifests, which are checked, give too', () => {
  for (const [name, container] of [
    ['board-api', 'api'],
    ['board-web', 'web'],
  ] as const) {
    const known = [...Object.keys(environmentOf(renderedContainer(container))), 'OTEL_EXPORTER_OTLP_HEADERS'];
    for (const variable of Object.keys(services[name]?.environment ?? {})) expect(known).toContain(variable);
  }
});
