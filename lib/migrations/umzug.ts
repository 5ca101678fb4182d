import type { Sequelize, Transaction } from 'sequelize';
import type { RunnableMigration, UmzugStorage } from 'umzug';
import { SequelizeStorage, Umzug } from 'umzug';
import { migrations, type SqlMigration } from '../../migrations';
import { INSTALL_LOCK } from '../sql/names';
import { exclusive } from './run/lock';

/** What a generated migration is given: by Umzug its context, by sequelize-cli the query interface. */
export interface MigrationArgument {
  context?: { sequelize: Sequelize; transaction?: Transaction };
  sequelize?: Sequelize;
}

/** What a migration is given. */
export interface MigrationContext {
  sequelize: Sequelize;
}

/** Options of {@link createUmzug}. */
export interface CreateUmzugOptions {
  /** Migrations that run after the package's own, as Umzug takes them. Default: none. */
  migrations?: readonly RunnableMigration<MigrationContext>[];
  /** Where Umzug logs. Default: nowhere. */
  logger?: ConstructorParameters<typeof Umzug>[0]['logger'];
  /** The table that remembers what has run. Default: `guitars_migrations`. */
  tableName?: string;
}

/**
 * The package's own migration set as Umzug migrations. Each runs in one transaction, under an advisory lock.
 *
 * @example new Umzug({ migrations: [...guitarsMigrations(), ...mine], context: { sequelize }, storage, logger });
 */
export function guitarsMigrations(): RunnableMigration<MigrationContext>[] {
  return migrations.map((migration) => ({
    name: `guitars-${migration.name}`,
    up: ({ context }) => run(context.sequelize, migration, 'up'),
    down: ({ context }) => run(context.sequelize, migration, 'down'),
  }));
}

/**
 * An Umzug that runs the package's migrations, and yours after them, one deployer at a time.
 *
 * @example await createUmzug(sequelize).up();
 */
export function createUmzug(sequelize: Sequelize, options: CreateUmzugOptions = {}): Umzug<MigrationContext> {
  const tableName = options.tableName ?? 'guitars_migrations';
  const umzug = new Umzug<MigrationContext>({
    migrations: [...guitarsMigrations(), ...(options.migrations ?? [])],
    context: { sequelize },
    storage: new Log({ sequelize, modelName: tableName, tableName }) as UmzugStorage<MigrationContext>,
    logger: options.logger,
  });
  exclusive(umzug, sequelize);
  return umzug;
}

/** Umzug's own storage, which reads where it writes: a replica that lags behind would have what has just run be run again. */
class Log extends SequelizeStorage {
  override async executed(): Promise<string[]> {
    await this.syncModel();
    const rows = await this.model.findAll({ order: [[this.columnName, 'ASC']], raw: true, useMaster: true } as never);
    return rows.map((row) => (row as unknown as Record<string, string>)[this.columnName] as string);
  }
}

async function run(sequelize: Sequelize, migration: SqlMigration, direction: 'up' | 'down'): Promise<void> {
  await sequelize.transaction(async (transaction: Transaction) => {
    await sequelize.query('SELECT pg_advisory_xact_lock(hashtext($1))', { bind: [INSTALL_LOCK], transaction });
    for (const sql of migration[direction]) await sequelize.query(sql, { transaction });
  });
}
