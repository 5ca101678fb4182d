import { expect } from 'chai';
import { DataTypes, Model, Sequelize } from 'sequelize';
import { Tracked } from '../../../lib';
import { useDatabase } from '../../support/database';
import { statementsOf } from '../../support/ladder';

const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };

describe('Tracked: the statements it sends', () => {
  const database = useDatabase();

  describe('where one attribute has the name of another’s column', () => {
    class Title extends Tracked(Model) {
      declare title: string;
      declare name: string;
      declare n: number;
    }
    let row: Title;
    const all = () => ({ title: row.title, name: row.name, n: row.n });
    before(async () => {
      const attributes = {
        ...{ id, n: DataTypes.INTEGER },
        title: { type: DataTypes.TEXT, field: 'honorific' },
        name: { type: DataTypes.TEXT, field: 'title' },
      };
      Title.init(attributes, { sequelize: database.sequelize, timestamps: false });
      await Title.sync();
    });
    beforeEach(async () => {
      row = await Title.create({ title: 'Dr', name: 'Ana', n: 1 });
    });

    it('create', () => expect([all(), row.changed()]).to.deep.equal([{ title: 'Dr', name: 'Ana', n: 1 }, false]));

    for (const [what, work] of [
      ['save', () => row.save()],
      ['save, and all of it comes back', () => row.save({ returning: true })],
      ['increment', () => row.increment('n', { by: 0 }).then(() => row.save())],
    ] as const) {
      it(what, async () => {
        row.name = 'Bo';
        await work();
        expect([all(), row.changed()]).to.deep.equal([{ title: 'Dr', name: 'Bo', n: 1 }, false]);
        await row.reload();
        expect(all()).to.deep.equal({ title: 'Dr', name: 'Bo', n: 1 });
        await row.update({ title: 'Prof' }, { conflict: 'detect' });
        expect(row.oldValues).to.include({ title: 'Prof', name: 'Bo' });
      });
    }

    it('increment brings each to its own', async () => {
      await Title.update({ title: 'Prof', name: 'Cy' }, { where: {} });
      await row.increment('n');
      expect(all()).to.deep.equal({ title: 'Prof', name: 'Cy', n: 2 });
    });
  });

  it('quoteIdentifiers: false is kept to', async () => {
    class Note extends Tracked(Model) {
      declare firstName: string;
      declare lastName: string;
      declare age: number;
    }
    const sequelize = new Sequelize(database.url, { logging: false, quoteIdentifiers: false });
    try {
      const attributes = { id, firstName: DataTypes.TEXT, lastName: DataTypes.TEXT, age: DataTypes.INTEGER };
      const options = {
        sequelize,
        timestamps: false,
        tableName: 'unquoted',
        updateTogether: [['firstName', 'lastName']],
      };
      Note.init(attributes, options);
      await Note.sync();
      const note = await Note.create({ firstName: 'a', lastName: 'b', age: 1 });
      expect(note.toJSON()).to.deep.equal({ id: note.get('id'), firstName: 'a', lastName: 'b', age: 1 });
      await note.update({ firstName: 'c' });
      await note.update({ age: '7' as never }, { conflict: 'detect' });
      expect([note.age, note.changed(), (await Note.findOne())?.toJSON()]).to.deep.equal([7, false, note.toJSON()]);
      await Note.update({ lastName: 'x' }, { where: {} });
      expect(await note.update({ firstName: 'd' }).catch((error) => error.fields)).to.deep.equal(['lastName']);
    } finally {
      await sequelize.close();
    }
  });

  it('hooks of queries see the row, with what it holds', async () => {
    class Row extends Tracked(Model) {
      declare id: number;
      declare meta: object;
    }
    const sequelize = database.connect();
    Row.init({ id, meta: DataTypes.JSONB, n: DataTypes.INTEGER }, { sequelize, timestamps: false });
    await Row.sync();
    const seen: unknown[] = [];
    const look = (options: unknown) => {
      const { instance, model } = options as { instance?: Row; model: unknown };
      if (instance) seen.push([instance instanceof Row, model === Row, { ...instance.dataValues }, instance.toJSON()]);
    };
    sequelize.addHook('beforeQuery', look);
    const row = await Row.create({ meta: { a: 1 }, n: 1 });
    await row.update({ meta: { a: 2 } });
    await row.increment('n');
    const told = [null, row.id, row.id].map((known, n) => ({ id: known, meta: { a: n === 0 ? 1 : 2 }, n: 1 }));
    expect(seen).to.deep.equal(told.map((values) => [true, true, values, values]));
    expect(await statementsOf((logging) => row.save({ logging }))).to.deep.equal([]);
  });
});
