import { describe, expect, it } from 'vitest';
import { everything, type KubernetesObject, objectsOf } from './objects.ts';
import { minors, schemasOf } from './schema.ts';

/** The Gateway API and cert-manager are no part of Kubernetes' own schemas; other tests look at single fields of theirs. */
const isOfAddOn = ({ apiVersion }: KubernetesObject): boolean =>
  /^(?:gateway\.networking\.k8s\.io|cert-manager\.io)\//.test(apiVersion);

describe.each(minors)('Kubernetes %s', (minor) => {
  const validate = schemasOf(minor);

  it.each(everything)('takes every object of $name', (overlay) => {
    const objects = objectsOf(overlay).filter((object) => !isOfAddOn(object));
    const problems = objects.flatMap((object) =>
      validate(object).map((problem) => `${object.kind} ${object.metadata.name} ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  it('refuses a wrong type, an unknown field, a missing one and an unknown kind', () => {
    const service = (spec: unknown): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      spec,
    });
    expect(validate(service({ ports: [{ port: 80 }] }))).toEqual([]);
    expect(validate(service({ ports: [{ port: 'http' }] })).join()).toContain('/spec/ports/0/port');
    expect(validate(service({ port: 80 })).join()).toContain('"additionalProperty":"port"');
    expect(validate(service({ ports: [{}] })).join()).toContain('"missingProperty":"port"');
    expect(validate({ ...service({}), apiVersion: 'v2' })).toEqual([
      `Kubernetes ${minor} knows no Service of v2`,
    ]);
  });
});
