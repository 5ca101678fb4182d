import { expect } from 'chai';
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type ModelAttributes,
  Op,
  Sequelize,
} from 'sequelize';
import { DefinitionError, Dutar, Guitar, Setar, Tracked, Updatable } from '../../lib';
import { Handled, HandleError, modelOfTag, splitHandle } from '../../lib/history/handles';
import { refusal } from '../contract/world';
import { useDatabase } from '../support/database';

class Org extends Handled(Guitar(Model), { tag: 'org' })<InferAttributes<Org>, InferCreationAttributes<Org>> {
  declare id: CreationOptional<number>;
  declare name: string;
}
class Doc extends Handled(Model, { tag: 'doc' })<InferAttributes<Doc>, InferCreationAttributes<Doc>> {
  declare id: string;
  declare title: string | null;
}
class Place extends Handled(Model, { tag: 'v2' })<InferAttributes<Place>, InferCreationAttributes<Place>> {
  declare town: string;
  declare no: string;
  declare since: Date;
}

const integer = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const id = (type: ModelAttributes[string]) => ({ id: { type, primaryKey: true } }) as ModelAttributes;

describe('handles', () => {
  const db = useDatabase();

  before(async () => {
    const { sequelize } = db;
    Org.init({ id: integer(), name: DataTypes.TEXT }, { sequelize });
    Doc.init({ id: { type: DataTypes.UUID, primaryKey: true }, title: DataTypes.TEXT }, { sequelize });
    const key = { primaryKey: true };
    Place.init(
      {
        town: { type: DataTypes.TEXT, ...key },
        no: { type: DataTypes.BIGINT, field: 'number', ...key },
        since: { type: DataTypes.DATE, ...key },
      },
      { sequelize, timestamps: false },
    );
    await sequelize.sync();
  });

  it('the tag and the key, joined where that can be read back', async () => {
    const org = await Org.create({ name: 'x' });
    expect(org.handle).to.equal(`org${org.id}`);
    expect((await Org.byHandle(org.handle as string))?.name).to.equal('x');
    const uuid = '550e8400-e29b-41d4-a716-446655440000';
    const doc = await Doc.create({ id: uuid, title: 'y' });
    expect([doc.handle, (await Doc.byHandle(`doc:${uuid}`))?.title]).to.deep.equal([`doc:${uuid}`, 'y']);
    const place = await Place.create({ town: 'São, Paulo: 1', no: '9007199254740993', since: new Date(5) });
    expect(place.handle).to.equal('v2:S%C3%A3o%2C%20Paulo:%201,9007199254740993,1970-01-01T00:00:00.005Z');
    expect((await Place.byHandle(place.handle as string))?.no).to.equal('9007199254740993');
  });

  it('an instance that is not saved has none; one whose key was not selected says so', async () => {
    expect(Org.build({ id: 5, name: 'x' }).handle).to.equal(undefined);
    await Org.create({ name: 'x' });
    const row = (await Org.findOne({ attributes: ['name'] })) as Org;
    expect(() => row.handle)
      .to.throw(DefinitionError)
      .with.property('message')
      .that.includes('"id" was not selected');
    expect(JSON.stringify(await Org.findOne())).not.to.include('handle');
  });

  it('byHandle takes what findOne takes', async () => {
    const org = await Org.create({ name: 'archived' });
    const handle = org.handle as string;
    await org.destroy();
    expect(await Org.byHandle(handle)).to.equal(null);
    expect((await Org.byHandle(handle, { paranoid: false }))?.handle).to.equal(handle);
    expect(await Org.byHandle(handle, { paranoid: false, where: { name: 'other' } })).to.equal(null);
    expect(await Org.byHandle(handle, { paranoid: false, where: { [Op.or]: [{ name: 'archived' }] } })).not.to.equal(
      null,
    );
    expect((await Org.byHandle(handle, { paranoid: false, attributes: ['name'] }))?.get()).to.deep.equal({
      name: 'archived',
    });
    expect((await refusal(Org.byHandle(handle, { rejectOnEmpty: true }))).name).to.equal('SequelizeEmptyResultError');
    await db.sequelize.transaction(async (transaction) => {
      const inside = await Org.create({ name: 'in' }, { transaction });
      expect(await Org.byHandle(inside.handle as string)).to.equal(null);
      expect(await Org.byHandle(inside.handle as string, { transaction })).not.to.equal(null);
    });
    const archives = Org.archives as unknown as typeof Org;
    expect((await archives.byHandle(handle))?.handle).to.equal(handle);
  });

  it('what is no handle of the model is refused, and never sent', async () => {
    const of = async (model: typeof Org | typeof Doc | typeof Place, handle: unknown) => {
      const error = await refusal(
        (model as typeof Org).byHandle(handle as string, { logging: () => expect.fail('sent') }),
      );
      expect(error, String(handle)).to.be.instanceOf(HandleError).and.instanceOf(DefinitionError);
      expect((error as HandleError).handle).to.equal(handle);
      return error.message;
    };
    expect(await of(Org, 'doc:550e8400-e29b-41d4-a716-446655440000')).to.include('one of Doc, not of Org');
    expect(await of(Org, 'ogr5'))
      .to.include('no model has the tag "ogr"')
      .and.include('have the tag "org"');
    expect(await of(Org, 'org:5')).to.include('Write "org5"');
    expect(await of(Org, 'org05')).to.include("'org5'");
    expect(await of(Org, 'org99999999999')).to.include('a whole number of 32 bits');
    expect(await of(Org, 'org:a')).to.include('"id" of Org is a whole number');
    expect(await of(Org, 'org:1,2')).to.include('one part, not 2');
    for (const nonsense of ['', 'org', '5', ':5', 'org 5 ', 'org5x', "org5' OR 1", 'org-5x', null, undefined, 5, {}])
      await of(Org, nonsense);
    expect(await of(Org, 'x'.repeat(1e5))).to.have.length.below(300);
    expect(await of(Doc, 'doc5')).to.include('is a UUID');
    expect(await of(Doc, 'doc:550E8400-e29b-41d4-a716-446655440000')).to.include('Write "doc:550e8400');
    expect(await of(Place, 'v2:a,1')).to.include('3 parts, not 2');
    expect(await of(Place, 'v2:%GG,1,1970-01-01T00:00:00.005Z')).to.include('no encoded character');
    expect(await of(Place, 'v2:%00,1,1970-01-01T00:00:00.005Z')).to.include('text without NUL');
    expect(await of(Place, 'v2:a,9223372036854775808,1970-01-01T00:00:00.005Z')).to.include('64 bits');
    expect(await of(Place, 'v2:a,1,1970-02-30T00:00:00.005Z')).to.include('Write "v2:a,1,1970-03-02');
    expect(await of(Place, 'v2:a,1,yesterday')).to.include('is a time');
  });

  it('splitHandle, with and without the models', () => {
    const { sequelize } = db;
    expect(splitHandle('org5')).to.deep.equal({ tag: 'org', key: 5 });
    expect(splitHandle('org5', sequelize)).to.deep.equal({ tag: 'org', key: 5, model: Org });
    expect(splitHandle('a-b5')).to.deep.equal({ tag: 'a-b', key: 5 });
    expect(splitHandle('v3:5')).to.deep.equal({ tag: 'v3', key: '5' });
    expect(splitHandle('x9007199254740993').key).to.equal('9007199254740993');
    expect(splitHandle('x:a%2Cb,c', sequelize)).to.deep.equal({ tag: 'x', key: ['a,b', 'c'] });
    expect(splitHandle('v2:a,5,1970-01-01T00:00:00.005Z', sequelize)).to.deep.equal({
      tag: 'v2',
      key: { town: 'a', no: '5', since: new Date(5) },
      model: Place,
    });
    expect(() => splitHandle('doc:1', sequelize)).to.throw(HandleError, 'is a UUID');
    expect(() => splitHandle('nothing')).to.throw(HandleError, 'it is none');
  });

  it('a tag is one model’s, in each Sequelize instance', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    const other = new Sequelize({ dialect: 'postgres' });
    const define = (name: string, tag: string, into = sequelize) =>
      Handled(class extends Model {}, { tag }).init({}, { sequelize: into, modelName: name });
    const first = define('first', 'one');
    expect(modelOfTag(sequelize, 'one')).to.equal(first);
    expect(() => define('second', 'one')).to.throw(DefinitionError, 'second: the tag "one" is that of first');
    expect(sequelize.isDefined('second')).to.equal(false);
    expect(modelOfTag(other, 'one')).to.equal(undefined);
    const elsewhere = define('second', 'one', other);
    expect(modelOfTag(other, 'one')).to.equal(elsewhere);
    // Defined anew, as tests and a hot reload do; its old tag is free then.
    const again = define('first', 'one');
    expect(modelOfTag(sequelize, 'one')).to.equal(again);
    const renamed = define('first', 'two');
    expect([modelOfTag(sequelize, 'one'), modelOfTag(sequelize, 'two')]).to.deep.equal([undefined, renamed]);
    expect(define('second', 'one').name).to.equal('second');
    class Base extends Handled(Model, { tag: 'base' }) {}
    class One extends Base {}
    class Two extends Base {}
    One.init({}, { sequelize });
    expect(() => Two.init({}, { sequelize })).to.throw(DefinitionError, 'the tag "base" is that of One');
  });

  it('mistakes in the definition', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    for (const tag of ['', 'a:b', ':', 5, null, undefined])
      expect(() => Handled(Model, { tag: tag as string }), String(tag)).to.throw(DefinitionError, 'a tag is text');
    expect(() => Handled(Model, undefined as never)).to.throw(DefinitionError, 'given was nothing');
    expect(() => Handled({} as never, { tag: 'x' })).to.throw(DefinitionError, 'applied to a model class');
    const Hidden = Handled(class extends Model {}, { tag: 'x' });
    expect(() => Hidden.init({ handle: DataTypes.TEXT }, { sequelize })).to.throw(DefinitionError, '"handle"');
    const Keyless = Handled(class Keyless extends Model {}, { tag: 'k' });
    Keyless.init({}, { sequelize, modelName: 'Keyless' });
    Keyless.removeAttribute('id');
    expect(() => Keyless.build({}, { isNewRecord: false }).handle).to.throw(DefinitionError, 'no primary key');
    const Listed = Handled(class extends Model {}, { tag: 'l' });
    Listed.init(id(DataTypes.ARRAY(DataTypes.INTEGER)), { sequelize, modelName: 'Listed' });
    expect(() => (Listed.build({ id: [1] }, { isNewRecord: false }) as { handle?: string }).handle).to.throw(
      DefinitionError,
      'neither text nor a number',
    );
  });

  it('on every rung, and on models that are defined already', async () => {
    const sequelize = db.connect();
    const rungs = { Updatable, Dutar, Setar, Guitar, Tracked };
    for (const [name, rung] of Object.entries(rungs)) {
      const mixin = rung as typeof Setar;
      for (const [order, Base] of [
        ['over', Handled(mixin(Model), { tag: `${name}-a` })],
        ['under', mixin(Handled(Model, { tag: `${name}-b` }))],
        ['defined', Handled(mixin(sequelize.define(`${name}Defined`, {})), { tag: `${name}-c` })],
      ] as const) {
        class Made extends (Base as unknown as typeof Org) {}
        const Used = order === 'defined' ? (Base as unknown as typeof Org) : Made;
        if (order !== 'defined') Made.init({} as never, { sequelize, modelName: `${name}_${order}` });
        await Used.sync();
        const row = await Used.create({} as never);
        expect(row.handle, `${name} ${order}`).to.match(/-[abc]\d+$/);
        expect((await Used.byHandle(row.handle as string))?.id).to.equal(row.id);
        expect(modelOfTag(sequelize, splitHandle(row.handle as string).tag)).to.equal(Used);
      }
    }
    const Twice = Handled(Handled(Model, { tag: 'a' }), { tag: 'a' });
    expect(Object.getPrototypeOf(Twice)).to.equal(Model);
    class Other extends Handled(Handled(Model, { tag: 'a' }), { tag: 'b' }) {}
    Other.init({}, { sequelize, modelName: 'other' });
    expect([modelOfTag(sequelize, 'a'), modelOfTag(sequelize, 'b')]).to.deep.equal([undefined, Other]);
  });

  it('keys of other types are found by their handles', async () => {
    const sequelize = db.connect();
    const keys: [string, ModelAttributes[string], unknown, string][] = [
      ['enumerated', DataTypes.ENUM('a b', 'c'), 'a b', 'enumerated:a%20b'],
      ['bytes', DataTypes.BLOB, Buffer.from([0, 255]), 'bytes:00ff'],
      ['dec', DataTypes.DECIMAL(20, 2), '1.50', 'dec:1.50'],
      ['real', DataTypes.DOUBLE, 1e21, 'real:1e%2B21'],
      ['day', DataTypes.DATEONLY, '2024-02-29', 'day:2024-02-29'],
      ['flag', DataTypes.BOOLEAN, true, 'flag:true'],
      ['small', DataTypes.SMALLINT, -5, 'small:-5'],
      ['big', DataTypes.BIGINT, '9223372036854775807', 'big9223372036854775807'],
      ['short', DataTypes.CHAR(4), 'ab', 'short:ab%20%20'],
      ['any', DataTypes.CITEXT, 'Ab', 'any:Ab'],
      ['address', DataTypes.INET, '10.0.0.1', 'address:10.0.0.1'],
    ];
    await (await db.admin()).query('CREATE EXTENSION IF NOT EXISTS citext SCHEMA app');
    for (const [tag, type, value, handle] of keys) {
      class Keyed extends Handled(Model, { tag }) {}
      Keyed.init(id(type), { sequelize, modelName: tag, timestamps: false });
      await Keyed.sync();
      await Keyed.create({ id: value } as never);
      const row = (await Keyed.findOne()) as Keyed;
      expect(row.handle, tag).to.equal(handle);
      const found = (await Keyed.byHandle(handle)) as Keyed;
      expect(found.get('id' as never), tag).to.deep.equal(row.get('id' as never));
      expect(splitHandle(handle, sequelize).key, tag).to.deep.equal(row.get('id' as never));
    }
    const flag = sequelize.model('enumerated') as unknown as typeof Doc;
    expect((await refusal(flag.byHandle('enumerated:x'))).message).to.include('one of a b, c');
  });
});
