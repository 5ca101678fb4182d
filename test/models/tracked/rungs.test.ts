import 'reflect-metadata';
import { expect } from 'chai';
import { DataTypes, Model, type ModelAttributes, type ModelStatic, type Sequelize } from 'sequelize';
import { Column, DataType, Sequelize as Decorating, Table, Model as TypescriptModel } from 'sequelize-typescript';
import {
  DefinitionError,
  Dutar,
  Guitar,
  HasCachedProperties,
  Setar,
  Tracked,
  type TrackedInstance,
} from '../../../lib';
import { useDatabase } from '../../support/database';
import { statementsOf } from '../../support/ladder';

type Row = Model & TrackedInstance & { title: string; meta: { n: number }; a: number; b: number };
type Rows = ModelStatic<Row>;
// biome-ignore lint/suspicious/noExplicitAny: every combination of mixins and bases, the types of which test/types checks
type Any = any;

const ATTRIBUTES = { title: DataTypes.TEXT, meta: DataTypes.JSONB, a: DataTypes.INTEGER, b: DataTypes.INTEGER };
const updateTogether = [['a', 'b']];

class Base extends Model {
  shout() {
    return `${this.get('title')}!`;
  }
}

const init = (model: Any, sequelize: Sequelize): Rows =>
  (class Note extends model {} as Any).init({ ...ATTRIBUTES }, { sequelize, modelName: 'Note', updateTogether });

const MAKES: [string, (sequelize: Sequelize) => Rows][] = [
  ['Tracked(Model)', (sequelize) => init(Tracked(Model), sequelize)],
  ['Tracked(Tracked(Model))', (sequelize) => init(Tracked(Tracked(Model)), sequelize)],
  ['Tracked of an own base class', (sequelize) => init(Tracked(Base), sequelize)],
  ['a class between', (sequelize) => init(class Between extends Tracked(Base) {}, sequelize)],
  ['Dutar(Tracked(Model))', (sequelize) => init(Dutar(Tracked(Model)), sequelize)],
  ['Setar(Tracked(Model))', (sequelize) => init(Setar(Tracked(Model)), sequelize)],
  ['Guitar(Tracked(Model))', (sequelize) => init(Guitar(Tracked(Model)), sequelize)],
  ['Tracked(Dutar(Model))', (sequelize) => init(Tracked(Dutar(Model)), sequelize)],
  ['Tracked(Setar(Model))', (sequelize) => init(Tracked(Setar(Model)), sequelize)],
  ['Tracked(Guitar(Model))', (sequelize) => init(Tracked(Guitar(Model)), sequelize)],
  [
    'Setar(Tracked(HasCachedProperties(Model)))',
    (sequelize) => init(Setar(Tracked(HasCachedProperties(Model))), sequelize),
  ],
  [
    'a paranoid model',
    (sequelize) => Tracked(sequelize.define('Note', ATTRIBUTES, { updateTogether, paranoid: true })) as Any,
  ],
  ['sequelize.define', (sequelize) => Tracked(sequelize.define('Note', ATTRIBUTES, { updateTogether })) as Any],
];

async function use(Note: Rows): Promise<void> {
  await Note.create({ title: 'one', meta: { n: 1 }, a: 1, b: 1 });
  const note = (await Note.findOne({ rejectOnEmpty: true })) as Row;
  expect(await statementsOf((logging) => note.save({ logging }))).to.deep.equal([]);
  note.meta.n = 2;
  note.title = 'two';
  expect(note.whatChanged()).to.deep.equal({
    title: { old: 'one', new: 'two' },
    meta: { old: { n: 1 }, new: { n: 2 } },
  });
  const [sent = '', ...more] = await statementsOf((logging) => note.save({ logging }));
  expect(more).to.deep.equal([]);
  expect(sent)
    .to.match(/"title"=/)
    .and.match(/"meta"=/)
    .and.not.match(/"a"=/);
  expect([note.changed(), note.toJSON()]).to.deep.equal([false, (await Note.findOne())?.toJSON()]);
  await note.update({ a: 2 });
  note.title = 'dirty';
  const transaction = (await Note.sequelize?.transaction()) as Any;
  await note.update({ b: 3 }, { transaction });
  await transaction.rollback();
  expect([note.changedFields, note.oldValues]).to.deep.include.members([['title', 'b']]);
  expect(note.previous('b' as never)).to.equal(1);
  await note.reload();
  await Note.update({ title: 'elsewhere' }, { where: {} });
  expect(await note.update({ title: 'x' }, { conflict: 'detect' }).catch((error) => error.fields)).to.deep.equal([
    'title',
  ]);
  note.revertFields();
  await note.destroy();
  expect(note.changedFields).to.deep.equal([]);
}

describe('Tracked works on', () => {
  const database = useDatabase();

  for (const [name, make] of MAKES) {
    it(name, async () => {
      const sequelize = database.connect({ pool: { max: 2 } });
      const Note = make(sequelize);
      await sequelize.sync({ force: true });
      await use(Note);
    });
  }

  it('sequelize-typescript, where the options are checked too', async () => {
    @Table({ modelName: 'Note', updateTogether } as object)
    class Note extends Tracked(TypescriptModel) {
      @Column(DataType.TEXT) declare title: string;
      @Column(DataType.JSONB) declare meta: object;
      @Column(DataType.INTEGER) declare a: number;
      @Column(DataType.INTEGER) declare b: number;
    }
    @Table({ updateTogether } as object)
    class Odd extends Tracked(TypescriptModel) {
      @Column(DataType.INTEGER) declare a: number;
    }
    const sequelize = new Decorating(database.url, { logging: false });
    try {
      sequelize.addModels([Note]);
      await sequelize.sync({ force: true });
      await use(Note as Any);
      expect(() => sequelize.addModels([Odd])).to.throw(DefinitionError, /updateTogether names "b"/);
    } finally {
      await sequelize.close();
    }
  });

  it('an application’s own set above it sees each value that is loaded', async () => {
    const seen: string[] = [];
    class Seeing extends Dutar(Tracked(Model)) {
      // biome-ignore lint/suspicious/noExplicitAny: as Sequelize's own overrides are written
      override set(key: any, value?: any, options?: any): this {
        if (typeof key === 'string') seen.push(key);
        return super.set(key, value, options);
      }
    }
    const Note = init(Seeing, database.connect());
    await Note.sync({ force: true });
    await Note.create({ title: 'one' } as never);
    seen.length = 0;
    const note = await Note.findOne({ attributes: ['id', 'title'] });
    expect([seen, note?.changed()]).to.deep.equal([['id', 'title'], false]);
  });

  it('an own set beneath it sees each value that is set, of attributes with a setter too', async () => {
    const seen: string[] = [];
    class Seeing extends Model {
      // biome-ignore lint/suspicious/noExplicitAny: as Sequelize's own overrides are written
      override set(key: any, value?: any, options?: any): this {
        if (typeof key === 'string' && !options?.raw) seen.push(key);
        return super.set(key, value, options);
      }
    }
    class Note extends Tracked(Seeing) {
      declare a: number;
      declare b: number;
      declare c: number;
    }
    const attributes: ModelAttributes = {
      b: DataTypes.INTEGER,
      c: DataTypes.INTEGER,
      a: {
        type: DataTypes.INTEGER,
        set(this: Note, value: number) {
          this.setDataValue('a' as never, (value * 2) as never);
          this.changed('c' as never, true);
        },
      },
    };
    Note.init(attributes as never, { sequelize: database.connect(), modelName: 'Seeing' });
    await Note.sync({ force: true });
    const note = await Note.create({ a: 1, b: 1, c: 1 } as never);
    seen.length = 0;
    note.a = 5;
    note.b = 6;
    expect([seen, note.a, note.changed()]).to.deep.equal([['a', 'b'], 10, ['b', 'c', 'a']]);
    note.a = 1;
    expect(note.changedFields).to.deep.equal(['b', 'c']);
  });

  it('a soft-deletable row: archived and restored, it is as clean as before; what was unsaved stays so', async () => {
    const Note = init(Tracked(Guitar(Model)), database.connect()) as Any;
    await Note.sync({ force: true });
    const note = await Note.create({ title: 'one', meta: { n: 1 } });
    note.meta.n = 2;
    await note.destroy();
    expect([note.isDeleted, note.changedFields, note.previous('meta')]).to.deep.equal([true, ['meta'], { n: 1 }]);
    const transaction = await Note.sequelize.transaction();
    await note.restore({ transaction });
    await transaction.rollback();
    expect([note.isDeleted, note.changedFields]).to.deep.equal([true, ['meta']]);
    await note.restore();
    expect([note.isDeleted, note.deletedAt]).to.deep.equal([false, null]);
    await note.save();
    expect((await Note.findOne()).meta).to.deep.equal({ n: 2 });
  });

  it('associations: includes are left alone, and follow the row', async () => {
    const sequelize = database.connect();
    const Note = init(Tracked(Model), sequelize);
    class Line extends Tracked(Model) {
      declare text: string;
      declare NoteId: number;
    }
    Line.init({ text: DataTypes.TEXT }, { sequelize, modelName: 'Line' });
    Note.hasMany(Line);
    Line.belongsTo(Note);
    await sequelize.sync({ force: true });
    await Note.create({ title: 'one', Lines: [{ text: 'a' }] } as never, { include: [Line] });
    const note = (await Note.findOne({ include: [Line], rejectOnEmpty: true })) as Any;
    note.Lines.push(Line.build({ text: 'b' }));
    note.Lines[0].text = 'c';
    expect([note.changed(), note.Lines[0].changed(), note.Lines[0].NoteId]).to.deep.equal([false, ['text'], note.id]);
    expect(await statementsOf((logging) => note.save({ logging }))).to.deep.equal([]);
    await note.reload();
    expect([note.Lines.length, note.Lines[0].text, note.changed()]).to.deep.equal([1, 'a', false]);
  });
});
