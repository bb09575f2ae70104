import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';

/** A resource of its own for each protocol, so that no test finds what another sent. */
export function resource(protocol: string): Resource {
  return resourceFromAttributes({
    'service.name': serviceOf(protocol),
    'service.version': '1.4.2',
    'service.instance.id': 'instance-1',
    'process.pid': 7,
    'process.command_args': ['node', 'main'],
  });
}

export function serviceOf(protocol: string): string {
  return `board-${protocol.replace('/', '-')}`;
}

/** `resource` as Tempo shows it. */
export function expectedResource(protocol: string): Readonly<Record<string, unknown>> {
  return {
    'service.name': { stringValue: serviceOf(protocol) },
    'service.version': { stringValue: '1.4.2' },
    'service.instance.id': { stringValue: 'instance-1' },
    'process.pid': { intValue: '7' },
    'process.command_args': { arrayValue: { values: [{ stringValue: 'node' }, { stringValue: 'main' }] } },
  };
}

/** The labels that each series of `resource` carries. */
export function expectedLabels(protocol: string): Readonly<Record<string, string>> {
  return {
    job: serviceOf(protocol),
    instance: 'instance-1',
    service_name: serviceOf(protocol),
    service_version: '1.4.2',
    service_instance_id: 'instance-1',
  };
}

export const scope = { name: 'board', version: '2.0.0' } as const;
