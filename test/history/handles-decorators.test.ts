import 'reflect-metadata';
import { expect } from 'chai';
import { Column, DataType, Model, PrimaryKey, Sequelize, Table } from 'sequelize-typescript';
import { DefinitionError, Guitar, Setar } from '../../lib';
import { Handled, modelOfTag, splitHandle } from '../../lib/history/handles';
import { Since } from '../../lib/history/since';
import { useDatabase } from '../support/database';

@Table({ tableName: 'st_org' })
class Org extends Since(Handled(Guitar(Model), { tag: 'org' })) {
  @Column(DataType.TEXT)
  declare name: string;
}

@Table({ tableName: 'st_doc', timestamps: false })
class Doc extends Handled(Model, { tag: 'doc' }) {
  @PrimaryKey
  @Column(DataType.TEXT)
  declare name: string;
}

@Table
class Other extends Setar(Handled(Model, { tag: 'org' })) {
  @Column(DataType.TEXT)
  declare name: string;
}

@Table
class Timeless extends Since(Model) {
  @Column(DataType.TEXT)
  declare name: string;
}

describe('handles and since, with sequelize-typescript', () => {
  const db = useDatabase();
  let sequelize: Sequelize;

  before(async () => {
    sequelize = new Sequelize(db.url, { logging: false });
    sequelize.addModels([Org, Doc]);
    await sequelize.sync();
  });

  after(() => sequelize.close());

  it('rows have handles, and are found by them', async () => {
    const org = await Org.create({ name: 'x' });
    expect([org.handle, (await Org.byHandle('org1'))?.name]).to.deep.equal(['org1', 'x']);
    expect((await Doc.create({ name: 'a,b' })).handle).to.equal('doc:a%2Cb');
    expect((await Doc.byHandle('doc:a%2Cb'))?.name).to.equal('a,b');
    expect([modelOfTag(sequelize, 'org'), splitHandle('doc:5', sequelize).model]).to.deep.equal([Org, Doc]);
    expect((await Org.since({ timestamp: 0 })).map(({ name }) => name)).to.deep.equal(['x']);
    expect((await Org.undeleted())[0]?.createdAt).to.deep.equal(await Org.lastChange());
  });

  it('what does not fit is refused when the models are added', () => {
    expect(() => sequelize.addModels([Other])).to.throw(DefinitionError, 'Other: the tag "org" is that of Org');
    expect(() => sequelize.addModels([Timeless])).to.throw(DefinitionError, 'Timeless: Since(…) asks for times');
  });
});
