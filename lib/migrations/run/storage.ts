import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { UmzugStorage } from 'umzug';
import { ident, literal } from '../../sql/identifiers';

/** A migration that has run. `checksum` is null where it ran before this library kept them. */
export interface Applied {
  readonly name: string;
  readonly checksum: string | null;
}

/** The table that remembers which migrations have run; it takes over one that Sequelize's own storage has made. */
export class MigrationLog implements UmzugStorage {
  private readonly table: string;

  constructor(
    private readonly sequelize: Sequelize,
    tableName: string,
  ) {
    this.table = ident(tableName);
  }

  /** Adds a row; one that is there already stays. The table must have been made. */
  async add(name: string, checksum: string | null, transaction?: Transaction): Promise<void> {
    const sql = `INSERT INTO ${this.table} (name, checksum) VALUES ($name, $checksum) ON CONFLICT (name) DO NOTHING`;
    await this.sequelize.query(sql, { bind: { name, checksum }, transaction });
  }

  async remove(name: string, transaction?: Transaction): Promise<void> {
    await this.sequelize.query(`DELETE FROM ${this.table} WHERE name = $name`, { bind: { name }, transaction });
  }

  /** None where the table has not been made yet; looking makes nothing. */
  async applied(): Promise<Applied[]> {
    const options = { type: QueryTypes.SELECT, useMaster: true } as const;
    const [found] = await this.sequelize.query<{ there: boolean; checksums: boolean }>(
      `SELECT to_regclass(${literal(this.table)}) IS NOT NULL AS there, EXISTS (SELECT FROM pg_attribute
         WHERE attrelid = to_regclass(${literal(this.table)}) AND attname = 'checksum') AS checksums`,
      options,
    );
    if (!found?.there) return [];
    if (!found.checksums) {
      return this.sequelize.query<Applied>(`SELECT name, NULL AS checksum FROM ${this.table} ORDER BY name`, options);
    }
    return this.sequelize.query<Applied>(`SELECT name, checksum FROM ${this.table} ORDER BY name`, options);
  }

  logMigration({ name }: { name: string }): Promise<void> {
    return this.add(name, null);
  }

  unlogMigration({ name }: { name: string }): Promise<void> {
    return this.remove(name);
  }

  async executed(): Promise<string[]> {
    return (await this.applied()).map(({ name }) => name);
  }

  /** Makes the table where it is missing. One at a time: IF NOT EXISTS fails where another makes it at the same moment. */
  async make(): Promise<void> {
    await this.sequelize.query(
      `CREATE TABLE IF NOT EXISTS ${this.table} (name varchar(255) PRIMARY KEY);
       ALTER TABLE ${this.table} ADD COLUMN IF NOT EXISTS checksum text;
       ALTER TABLE ${this.table} ADD COLUMN IF NOT EXISTS applied_at timestamptz DEFAULT now()`,
    );
  }
}
