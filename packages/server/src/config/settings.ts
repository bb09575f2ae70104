import { resolve } from 'node:path';
import { withPaths } from '@maru/forward';
import type { CapacityOptions } from '@maru/query-core';
import {
  type ConfiguredKey,
  defaultSettings,
  type RuleSettings,
  type Settings,
  type TenantSettings,
  type TlsFiles,
} from '../settings.ts';
import type { Config, ConfigKey, ConfigQuery, ConfigTenants, ConfigTls } from './config.ts';

/** What a file says of the settings, file names as they were written. The data directory is not its to say. */
export function settingsOf(config: Config): Omit<Settings, 'dataDir'> {
  const { tls, ports } = config;
  return {
    ...defaultSettings,
    ...(config.host !== undefined && { host: config.host }),
    ...(config.host_console !== undefined && { consoleHost: config.host_console }),
    ...(ports && { httpPort: ports.console, otlpHttpPort: ports.otlp_http, otlpGrpcPort: ports.otlp_grpc }),
    ...(tls && { tls: tlsFiles(tls) }),
    ...(config.forward && { forward: config.forward }),
    corsOrigins: config.cors_origins,
    maxRequestBytes: config.max_request,
    fsync: config.fsync,
    maxBacklogBytes: config.max_backlog,
    maxActiveSeries: config.max_active_series,
    retentionDays: Math.max(1, Math.round(config.retention / 86_400_000)),
    packIntervalMs: config.pack_interval,
    ...(config.store !== undefined && { storeUrl: config.store }),
    query: queryOf(config.query),
    engineMemoryBytes: config.engine_memory,
    promqlExperimental: config.promql_experimental,
    promqlDelayedNameRemoval: config.promql_delayed_name_removal,
    naming: {
      strategy: config.otlp.translation_strategy,
      promotedAttributes: config.otlp.promote_resource_attributes,
      explicitAsNative: config.otlp.convert_histograms_to_nhcb,
    },
    rules: rulesOf(config),
    adminApi: config.admin_api,
    keys: [...config.keys].map(([name, key]) => configuredKey(name, key)),
    ...(config.tenants && { tenants: tenantSettings(config.tenants) }),
    scrapeJobs: config.scrape_configs(config.global),
    ...(config.prometheus_file !== undefined && { prometheusFile: config.prometheus_file }),
    selfTelemetry: config.self_telemetry,
  };
}

function configuredKey(name: string, { secret_file, read, ...allowed }: ConfigKey): ConfiguredKey {
  const { signals, rate, rate_bytes, tenant } = allowed;
  const limits = {
    ...(rate !== undefined && { itemsPerSecond: rate }),
    ...(rate_bytes !== undefined && { bytesPerSecond: rate_bytes }),
  };
  return {
    name,
    secretPath: secret_file,
    ...(signals && { signals }),
    ...(read && { reads: true }),
    ...(Object.keys(limits).length > 0 && { rate: limits }),
    ...(tenant !== undefined && { tenant }),
  };
}

function tenantSettings({ by, most, default: usual }: ConfigTenants): TenantSettings {
  return { by, most, ...(usual !== undefined && { default: usual }) };
}

function queryOf({ concurrency, memory, timeout, max_samples, max_series }: ConfigQuery): CapacityOptions {
  return {
    concurrency,
    maxMemoryBytes: memory,
    timeoutSeconds: timeout / 1000,
    maxSamples: max_samples,
    maxSeries: max_series,
  };
}

function rulesOf(config: Config): RuleSettings {
  const { alertmanagers = [], webhooks = [], slack = [] } = config.alerting ?? {};
  return {
    files: config.rules,
    tenantFiles: Object.fromEntries(config.tenant_rules),
    intervalMs: config.rule_interval,
    externalUrl: config.external_url ?? '',
    externalLabels: Object.fromEntries(config.external_labels),
    destinations: [
      ...alertmanagers.map((url) => ({ kind: 'alertmanager' as const, url })),
      ...webhooks.map((url) => ({ kind: 'webhook' as const, url })),
      ...slack.map((url) => ({ kind: 'slack' as const, url })),
    ],
  };
}

function tlsFiles({ cert, key, client_ca }: ConfigTls): TlsFiles {
  return { certPath: cert, keyPath: key, ...(client_ca !== undefined && { clientCaPath: client_ca }) };
}

/** The settings with the file names of TLS, keys, rules and destinations resolved against the file's directory. */
export function withResolvedPaths(
  settings: Omit<Settings, 'dataDir'>,
  directory: string,
): Omit<Settings, 'dataDir'> {
  const { tls, forward, keys, rules } = settings;
  const resolved = (path: string): string => resolve(directory, path);
  return {
    ...settings,
    ...(tls && { tls: resolvedTls(tls, resolved) }),
    ...(forward && { forward: withPaths(forward, resolved) }),
    keys: keys.map((key) => ({ ...key, secretPath: resolved(key.secretPath) })),
    rules: {
      ...rules,
      files: rules.files.map(resolved),
      tenantFiles: Object.fromEntries(
        Object.entries(rules.tenantFiles).map(([tenant, files]) => [tenant, files.map(resolved)]),
      ),
    },
  };
}

function resolvedTls(
  { certPath, keyPath, clientCaPath }: TlsFiles,
  resolved: (path: string) => string,
): TlsFiles {
  return {
    certPath: resolved(certPath),
    keyPath: resolved(keyPath),
    ...(clientCaPath !== undefined && { clientCaPath: resolved(clientCaPath) }),
  };
}
