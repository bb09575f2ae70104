import manifest from '../package.json' with { type: 'json' };

/** The service's name unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` gives another. */
export const serviceName = 'board-api';

/** The version of this build, from package.json. */
export const serviceVersion: string = manifest.version;
