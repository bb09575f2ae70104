import { expect, test } from 'vitest';
import { setupLines, setups } from './setupLines.ts';

const endpoint = { host: 'maru.example', httpPort: 14318, grpcPort: 14317 };

test.each(setups)('%s names the endpoint of this stack', (setup) => {
  const port = setup === 'welcomeGrpc' ? 14317 : 14318;
  expect(setupLines(setup, endpoint)).toContain(`http://maru.example:${port}`);
});

test('the protocol fits the port', () => {
  expect(setupLines('welcomeGrpc', endpoint)).toContain('OTEL_EXPORTER_OTLP_PROTOCOL=grpc');
  expect(setupLines('welcomeSdk', endpoint)).toContain('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf');
});

test('an IPv6 host stands in brackets, once', () => {
  expect(setupLines('welcomeSdk', { ...endpoint, host: '::1' })).toContain('http://[::1]:14318');
  expect(setupLines('welcomeSdk', { ...endpoint, host: '[::1]' })).toContain('http://[::1]:14318');
});
