import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type pg from 'pg';
import { makeMigration, writeMigration } from '../../../lib/migrations/make';
import type { MigrationFormat } from '../../../lib/migrations/make/formats';
import { createMigrator } from '../../../lib/migrations/run/migrator';
import { catalog, difference } from './catalog';
import { define } from './define';
import { evolve, evolving } from './evolve';
import { clean } from './life';
import type { WorldSpec } from './spec';

/**
 * The life of a world by migrations, from its bare tables and back to them: what `make` writes, run by Umzug; then a world
 * that has changed, and all of it undone, step by step, to what was there before.
 */
export async function migrated(
  url: string,
  client: pg.Client,
  spec: WorldSpec,
  formats: readonly [MigrationFormat, MigrationFormat],
): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-names-'));
  const worlds = [spec, evolve(spec)].map((each) => define(url, each));
  const [first, second] = worlds as [(typeof worlds)[0], (typeof worlds)[0]];
  const migrator = () =>
    createMigrator(first.sequelize, { folder, tableName: 'guitars_migrations', lockTimeout: 5000, lockRetries: 1 });
  const made = ({ sequelize }: typeof first, format: MigrationFormat) => makeMigration(sequelize, { folder, format });
  const all = async (statements: readonly string[]) => {
    for (const sql of statements) await client.query(sql);
  };
  try {
    const start = await catalog(client);
    writeMigration(made(first, formats[0]));
    await migrator().umzug.up();
    await clean(first.sequelize);
    expect(made(first, formats[1]).steps).to.deep.equal([]);
    const enforced = await catalog(client);
    await all(evolving(spec).up);
    writeMigration(made(second, formats[1]));
    await migrator().umzug.up();
    await clean(second.sequelize, 'unexpected');
    await migrator().umzug.down();
    await all(evolving(spec).down);
    expectSame(enforced, await catalog(client));
    await migrator().umzug.down();
    expectSame(start, await catalog(client));
  } finally {
    for (const { sequelize } of worlds) await sequelize.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function expectSame(before: Awaited<ReturnType<typeof catalog>>, after: typeof before): void {
  const { lost, gained } = difference(before, after);
  // A history keeps a column that it has had, and what it held.
  const others = gained.filter(({ kind, place }) => kind !== 'column' || !/history/.test(place));
  expect(JSON.stringify({ lost, gained: others })).to.equal(JSON.stringify({ lost: [], gained: [] }));
}
