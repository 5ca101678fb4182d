import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, Guitar, purge } from '../../lib';
import { refusal } from '../contract/world';
import { useDatabase } from '../support/database';

describe('purge', () => {
  const db = useDatabase();
  class Note extends Guitar(Model) {}
  before(async () => {
    // A key of two columns, neither of them a number, and names that have to be quoted.
    Note.init(
      {
        'k $1': { type: DataTypes.UUID, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
        b: { type: DataTypes.TEXT, primaryKey: true },
        upId: DataTypes.TEXT,
      },
      { sequelize: db.sequelize, tableName: 'no te $2', guitar: { columns: { deletedAt: 'gone :x $1' } } },
    );
    await Note.sync();
  });
  const fill = (n: number, ago: string) =>
    db.sequelize.query(
      `INSERT INTO "no te $2" ("k $1", b, "gone :x $1") SELECT gen_random_uuid(), n, now() - interval '${ago}' FROM generate_series(1, ${n}) AS n`,
    );

  it('understands minutes, hours, days, weeks, and dates', async () => {
    for (const [ago, before] of [
      ['31 minutes', '30m'],
      ['13 hours', '12h'],
      ['91 days', '90d'],
      ['15 days', '2w'],
      ['400 days', new Date(Date.now() - 365 * 86_400_000)],
      ['400 days', new Date(Date.now() - 365 * 86_400_000).toISOString().slice(0, 10)],
    ] as const) {
      await fill(3, ago);
      expect((await purge(db.sequelize, Note, { archivedBefore: before })).tables).to.deep.equal([
        { schema: 'app', table: 'no te $2', rows: 3 },
      ]);
    }
    const unclear = [
      '',
      '90',
      'd',
      '-1d',
      '90D',
      '2025-13-01',
      '2025-02-30',
      '999999w',
      '0000-01-01',
      new Date(Number.NaN),
    ];
    for (const archivedBefore of unclear) {
      const error = await refusal(purge(db.sequelize, Note, { archivedBefore }));
      expect(error).to.be.instanceOf(DefinitionError);
      expect(error.message).to.match(/is no time to count from.*Say how long ago: 90d/);
    }
    for (const batch of [0, -1, 1.5, Number.NaN]) {
      const error = await refusal(purge(db.sequelize, Note, { archivedBefore: '90d', batch }));
      expect(error.message).to.match(/^batch is .*Give it a whole number above 0/);
    }
  });

  it('keeps to a rate, and tells how far it is', async () => {
    await fill(60, '100 days');
    const told: string[] = [];
    const from = performance.now();
    await purge(db.sequelize, Note, {
      archivedBefore: '90d',
      rate: 60,
      batch: 20,
      onProgress: (...to) => told.push(to.join('/')),
    });
    expect(performance.now() - from).to.be.at.least(900);
    expect(told).to.deep.equal(['0/60', '20/60', '40/60', '60/60', '60/60']);
  });
});
