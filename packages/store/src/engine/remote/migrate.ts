import { createHash } from 'node:crypto';
import { tableStatements } from '../../schema/apply.ts';
import { identifier, type Sql, sql } from '../../sql.ts';
import type { EngineSession } from '../engine.ts';
import { databaseStatement, remoteStatements } from './tables.ts';

/**
 * Brings a database on a server up to this version's schema. Several Marus may do so at once, and one that was cut short is
 * taken up by whoever comes next: each step may be run again and by several at a time, and is written down when it is done.
 * No lock: a lock has to be taken from who died with it, and there is none that all servers have.
 *
 * @returns how many steps were run
 */
export async function migrate(
  session: EngineSession,
  database: string,
  cluster: string | undefined,
): Promise<number> {
  await session.run(databaseStatement(database, cluster).text, 'Null');
  await session.use(database);
  await session.run(stepsTable(cluster).text, 'Null');
  const done = await stepsDone(session);
  const steps = migrationSteps(cluster).filter(({ id }) => !done.has(id));
  for (const step of steps) {
    for (const statement of step.statements) await session.run(statement, 'Null');
    await session.run(
      sql`INSERT INTO maru_schema (step, statement) VALUES (${step.id}, ${step.text})`.text,
      'Null',
    );
  }
  return steps.length;
}

/** A statement of the schema, by a hash of its text. */
export interface MigrationStep {
  readonly id: string;
  readonly text: string;
  readonly statements: readonly string[];
}

/** What serves a store that is alone (see `Engine.isAlone`): views that tell which series an insertion was of; packed samples. */
const onlyAlone = /_points_series \(|MATERIALIZED VIEW|number_chunks|number_points_sealed/;

export function migrationSteps(cluster: string | undefined): readonly MigrationStep[] {
  return tableStatements()
    .filter((text) => !onlyAlone.test(text))
    .map((text) => ({
      id: createHash('sha256').update(text).digest('hex').slice(0, 16),
      text,
      statements: remoteStatements(text, cluster),
    }));
}

/** One table for all shards: what is done is done on all of them. */
export function stepsTable(cluster: string | undefined): Sql {
  const columns = sql`(step String, statement String, done DateTime('UTC') DEFAULT now())`;
  if (cluster === undefined)
    return sql`CREATE TABLE IF NOT EXISTS maru_schema ${columns} ENGINE = MergeTree ORDER BY step`;
  return sql`CREATE TABLE IF NOT EXISTS maru_schema ON CLUSTER ${identifier(cluster)} ${columns}
    ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/all', '{shard}-{replica}') ORDER BY step`;
}

async function stepsDone(session: EngineSession): Promise<ReadonlySet<string>> {
  const bytes = await session.run('SELECT DISTINCT step FROM maru_schema', 'JSONEachRow');
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '');
  return new Set(lines.map((line) => (JSON.parse(line) as { step: string }).step));
}
