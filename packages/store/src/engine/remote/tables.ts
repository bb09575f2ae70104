import { identifier, type Sql, sql, trusted } from '../../sql.ts';
import type { Dialect } from '../engine.ts';

/**
 * How the schema's tables lie on servers. On a single server as they are in the schema. With a cluster's name each table is
 * two: `spans_local` holds a part of the rows on every shard, replicated; `spans` is spread over them and is what is written
 * and read. Rows go to a shard by what belongs together: the spans of a trace, the points of a series.
 */
export function remoteDialect(cluster: string | undefined): Dialect {
  const onCluster = cluster === undefined ? sql`` : sql` ON CLUSTER ${identifier(cluster)}`;
  return {
    stored: (table) => sql`${identifier(cluster === undefined ? table : localName(table))}${onCluster}`,
    altered: (stored) => sql`${identifier(stored)}${onCluster}`,
    system: (table) => {
      const local = sql`system.${identifier(table)}`;
      return cluster === undefined ? local : sql`clusterAllReplicas(${cluster}, ${local})`;
    },
  };
}

function localName(table: string): string {
  return `${table}_local`;
}

/** By which column's hash rows are spread. What is read of one table by another's column goes over all shards anyway. */
const shardedBy: Readonly<Record<string, string>> = {
  resources: 'resource_id',
  spans: 'trace_id',
  logs: 'time, resource_id',
};
const shardedByDefault = 'series_id';

/**
 * A statement of the schema as it is run on a server; on a cluster it may be several.
 *
 * `{uuid}` in a path is the table's own, the same on all its nodes, so that a table which is dropped and made again does not
 * meet what its predecessor left; `{shard}` and `{replica}` are macros of each server's configuration.
 */
export function remoteStatements(statement: string, cluster: string | undefined): readonly string[] {
  const remembering = statement.replace(
    /non_replicated_deduplication_window = \d+/,
    rememberedInserts(cluster),
  );
  if (cluster === undefined) return [remembering];
  const on = `ON CLUSTER ${identifier(cluster).text}`;
  const created = /^CREATE TABLE IF NOT EXISTS (\w+) \(/.exec(remembering);
  if (created !== null) return spreadTable(created[1] ?? '', remembering, on, cluster);
  const altered = /^ALTER TABLE (\w+) (MODIFY COLUMN|ADD COLUMN|MODIFY SETTING)/.exec(remembering);
  if (altered !== null)
    return spreadAlter(altered[1] ?? '', remembering, on, altered[2] !== 'MODIFY SETTING');
  throw new Error(`the schema has a statement that a cluster cannot take yet: ${statement.slice(0, 80)}`);
}

/**
 * A server that keeps several Marus' inserts in mind needs a longer memory than one's own engine: 10,000 are an hour of
 * three a second.
 */
function rememberedInserts(cluster: string | undefined): string {
  return cluster === undefined
    ? 'non_replicated_deduplication_window = 10000'
    : 'replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 86400';
}

function spreadTable(table: string, statement: string, on: string, cluster: string): readonly string[] {
  const local = localName(table);
  const replicated = statement
    .replace(`EXISTS ${table} (`, `EXISTS ${local} ${on} (`)
    .replace(
      /ENGINE = (\w*MergeTree)\b/,
      "ENGINE = Replicated$1('/clickhouse/tables/{uuid}/{shard}', '{replica}')",
    );
  const key = `cityHash64(${shardedBy[table] ?? shardedByDefault})`;
  const spread = sql`CREATE TABLE IF NOT EXISTS ${identifier(table)} ${trusted(on)} AS ${identifier(local)}
    ENGINE = Distributed(${cluster}, currentDatabase(), ${local}, ${trusted(key)})`;
  return [replicated, spread.text];
}

function spreadAlter(table: string, statement: string, on: string, isOfBoth: boolean): readonly string[] {
  const of = (name: string): string =>
    statement.replace(`ALTER TABLE ${table} `, `ALTER TABLE ${name} ${on} `);
  return isOfBoth ? [of(localName(table)), of(table)] : [of(localName(table))];
}

/** Makes a database on every node. */
export function databaseStatement(database: string, cluster: string | undefined): Sql {
  const on = cluster === undefined ? sql`` : sql`ON CLUSTER ${identifier(cluster)}`;
  return sql`CREATE DATABASE IF NOT EXISTS ${identifier(database)} ${on}`;
}
