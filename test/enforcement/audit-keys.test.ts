import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { audit, Guitar } from '../../lib';
import { useDatabase } from '../support/database';

describe('audit of foreign keys and unique indexes', () => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  const found = async (list: 'findings' | 'warnings' = 'findings') =>
    (await audit(db.sequelize))[list]
      .filter(({ kind }) => kind !== 'role')
      .map(({ kind, model }) => `${kind} ${model}`);
  const mend = async () => {
    const { findings, warnings } = await audit(db.sequelize);
    for (const { remedy } of [...findings, ...warnings]) if (remedy) await query(remedy);
    expect([await found(), await found('warnings')]).to.deep.equal([[], []]);
  };

  before(async () => {
    const init = (name: string) => ({ sequelize: db.sequelize, modelName: name, tableName: name });
    const id = () => ({ type: DataTypes.INTEGER, primaryKey: true });
    class Maker extends Guitar(Model) {}
    class Guild extends Model {}
    class Lute extends Guitar(Model) {}
    class Sale extends Model {}
    Maker.init({ id: id(), name: { type: DataTypes.TEXT, unique: true } }, init('maker'));
    Guild.init({ id: id() }, { ...init('guild'), timestamps: false });
    Lute.init(
      {
        id: id(),
        makerId: { type: DataTypes.INTEGER, references: { model: 'maker', key: 'id' }, onDelete: 'RESTRICT' },
        guildId: { type: DataTypes.INTEGER, references: { model: Guild, key: 'id' }, onDelete: 'SET NULL' },
      },
      { ...init('lute'), indexes: [{ fields: ['makerId'] }, { fields: ['guildId'] }] },
    );
    Sale.init(
      { id: id(), luteId: { type: DataTypes.INTEGER, references: { model: 'lute', key: 'id' } } },
      { ...init('sale'), timestamps: false },
    );
    await db.sequelize.sync();
  });

  it('deferrable: a warning where archiving does not follow the key', async () => {
    await query('ALTER TABLE lute ALTER CONSTRAINT "lute_makerId_fkey" DEFERRABLE');
    await query('ALTER TABLE lute ALTER CONSTRAINT "lute_guildId_fkey" DEFERRABLE');
    expect([await found(), await found('warnings')]).to.deep.equal([['deferrable_key lute'], ['deferrable_key lute']]);
    await mend();
  });

  it('NO ACTION and RESTRICT are alike', async () => {
    await query(
      'ALTER TABLE lute DROP CONSTRAINT "lute_makerId_fkey", ADD CONSTRAINT "lute_makerId_fkey" FOREIGN KEY ("makerId") REFERENCES maker',
    );
    expect([await found(), await found('warnings')]).to.deep.equal([[], []]);
  });

  it('keys onto a plain parent count, too: SET NULL that became CASCADE would leave archived rows dangling', async () => {
    await query(
      'ALTER TABLE lute DROP CONSTRAINT "lute_guildId_fkey", ADD CONSTRAINT "lute_guildId_fkey" FOREIGN KEY ("guildId") REFERENCES guild ON DELETE CASCADE',
    );
    expect(await found()).to.deep.equal(['key_differs lute']);
    await mend();
    await query('ALTER TABLE lute DROP CONSTRAINT "lute_guildId_fkey"');
    await query('INSERT INTO lute (id, "guildId") VALUES (1, 5)');
    expect(await found()).to.deep.equal(['dangling_key lute', 'missing_key lute']);
    await mend();
    const [kept] = await query('SELECT id, "guildId" FROM lute');
    expect(kept).to.deep.equal([{ id: 1, guildId: null }]);
  });

  it('a key from elsewhere onto a table of ours is a warning; one that a plain model declares is known', async () => {
    await query('CREATE TABLE elsewhere (lute int REFERENCES lute ON DELETE CASCADE)');
    expect([await found(), await found('warnings')]).to.deep.equal([[], ['unknown_key lute']]);
    await mend();
    await query('ALTER TABLE lute ADD CONSTRAINT again FOREIGN KEY ("guildId") REFERENCES guild ON DELETE SET NULL');
    expect(await found()).to.deep.equal([]);
    await query(
      'ALTER TABLE lute DROP CONSTRAINT again, ADD CONSTRAINT again FOREIGN KEY (id) REFERENCES guild ON DELETE CASCADE NOT VALID',
    );
    expect(await found()).to.deep.equal(['unknown_key lute']);
    await query('UPDATE lute SET "guildId" = NULL; INSERT INTO guild SELECT id FROM lute');
    await query(String((await audit(db.sequelize)).findings[0]?.remedy));
    expect([await found(), await found('warnings')]).to.deep.equal([[], ['unknown_key lute']]);
    await mend();
  });

  it('a key onto another column than the model says is unknown, and the model’s own is missing', async () => {
    await query('ALTER TABLE maker ADD no int UNIQUE');
    await query(
      'ALTER TABLE lute DROP CONSTRAINT "lute_makerId_fkey", ADD CONSTRAINT odd FOREIGN KEY ("makerId") REFERENCES maker (no)',
    );
    expect([await found(), await found('warnings')]).to.deep.equal([['missing_key lute'], ['unknown_key lute']]);
    await mend();
  });

  it('a full unique constraint that a key rests on is not dropped for the asking', async () => {
    await query('ALTER TABLE maker ADD CONSTRAINT whole UNIQUE (name)');
    await query('CREATE TABLE label (maker text REFERENCES maker (name))');
    const { findings } = await audit(db.sequelize);
    expect(findings.map(({ kind, remedy }) => [kind, remedy])).to.deep.equal([['full_unique', undefined]]);
    expect(findings[0]?.message).to.match(/label_maker_fkey refers to it\. Have that key refer to the primary key/);
    await query('DROP TABLE label');
    await mend();
    await query('CREATE UNIQUE INDEX covering ON maker (name) INCLUDE (id)');
    expect(await found()).to.deep.equal(['full_unique maker']);
    await mend();
    await query('CREATE UNIQUE INDEX wider ON maker (name, id); CREATE UNIQUE INDEX lower ON maker (lower(name))');
    expect(await found()).to.deep.equal([]);
  });

  it('a key that PostgreSQL 18 was told not to enforce', async function () {
    const [[{ v }]] = (await query(`SELECT current_setting('server_version_num')::int AS v`)) as [
      [{ v: number }],
      unknown,
    ];
    if (v < 180000) this.skip();
    await query('ALTER TABLE lute ALTER CONSTRAINT "lute_makerId_fkey" NOT ENFORCED');
    expect(await found()).to.deep.equal(['unchecked_key lute']);
    await mend();
  });
});
