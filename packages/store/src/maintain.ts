import type { Dialect } from './engine/engine.ts';
import type { BlockReader } from './reader.ts';
import { type Sql, sql } from './sql.ts';

/** What is done to tables as a whole, on every node that holds a part of them. */
export interface Maintenance {
  /**
   * Drops the days before this one, of all tables that are kept by day.
   *
   * @param day as YYYYMMDD, of UTC
   * @returns what was dropped, as `table/YYYYMMDD`
   */
  dropDaysBefore(day: number): Promise<readonly string[]>;
  /** Deletes the rows of a table that meet a condition. */
  deleteRows(table: string, condition: Sql): Promise<void>;
}

export interface MaintenanceParts {
  readonly database: string;
  readonly dialect: Dialect;
  readonly reader: BlockReader;
  /** Runs a statement that changes the database. */
  readonly write: (statement: Sql) => Promise<void>;
}

export function createMaintenance({ database, dialect, reader, write }: MaintenanceParts): Maintenance {
  return {
    dropDaysBefore: async (day) => {
      const expired = await reader.rows<{ table: string; partition: string }>(sql`
        SELECT DISTINCT table, partition FROM ${dialect.system('parts')}
        WHERE database = ${database} AND active AND match(partition, '^[0-9]{8}$') AND toUInt32OrZero(partition) < ${day}`);
      for (const { table, partition } of expired)
        await write(sql`ALTER TABLE ${dialect.altered(table)} DROP PARTITION ${Number(partition)}`);
      return expired.map(({ table, partition }) => `${table}/${partition}`);
    },
    deleteRows: (table, condition) => write(sql`DELETE FROM ${dialect.stored(table)} WHERE ${condition}`),
  };
}
