import { expect } from 'chai';
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type NonAttribute,
  QueryTypes,
} from 'sequelize';
import { type Engine, Guitar } from '../../lib';
import type { TestDatabase } from '../support/database';
import { eachEngine, emptied, id, refusal } from './shop';

/** Bands and players, whose links are rows of a soft-deletable model. */
function defineBands({ sequelize }: TestDatabase, engine: Engine) {
  class Player extends Guitar(Model)<InferAttributes<Player>, InferCreationAttributes<Player>> {
    declare id: CreationOptional<number>;
    declare name: string;
  }
  class Member extends Guitar(Model)<InferAttributes<Member>, InferCreationAttributes<Member>> {
    declare id: CreationOptional<number>;
    declare bandId: number;
    declare playerId: number;
    declare role: CreationOptional<string | null>;
  }
  class Band extends Guitar(Model)<InferAttributes<Band>, InferCreationAttributes<Band>> {
    declare id: CreationOptional<number>;
    declare name: string;
    declare players?: NonAttribute<Player[]>;
    declare getPlayers: (options?: object) => Promise<Player[]>;
    declare countPlayers: (options?: object) => Promise<number>;
    declare setPlayers: (players: (Player | number)[], options?: object) => Promise<void>;
    declare addPlayer: (player: Player | number, options?: object) => Promise<void>;
    declare addPlayers: (players: (Player | number)[], options?: object) => Promise<void>;
    declare removePlayer: (player: Player | number, options?: object) => Promise<void>;
    declare hasPlayer: (player: Player | number) => Promise<boolean>;
    declare createPlayer: (values: object) => Promise<Player>;
  }
  const options = { sequelize, guitar: { engine } };
  Player.init({ id: id(), name: DataTypes.TEXT }, { ...options, tableName: 'player' });
  Band.init({ id: id(), name: DataTypes.TEXT }, { ...options, tableName: 'band' });
  Member.init(
    {
      bandId: { type: DataTypes.INTEGER, field: 'band_id' },
      playerId: { type: DataTypes.INTEGER, field: 'player_id' },
      role: DataTypes.TEXT,
    } as never,
    { ...options, tableName: 'member', indexes: [{ fields: ['player_id'] }] },
  );
  Band.belongsToMany(Player, { through: Member, as: 'players', foreignKey: 'bandId', otherKey: 'playerId' });
  Player.belongsToMany(Band, { through: Member, as: 'bands', foreignKey: 'playerId', otherKey: 'bandId' });
  return { Band, Player, Member };
}

eachEngine('U1 belongsToMany through a soft-deletable model', (database, engine) => {
  const models = {} as ReturnType<typeof defineBands>;
  let band: InstanceType<typeof models.Band>;
  let ana: InstanceType<typeof models.Player>;
  let bo: InstanceType<typeof models.Player>;

  before(async () => {
    Object.assign(models, defineBands(database, engine));
    await database.sequelize.sync();
  });
  beforeEach(async () => {
    await emptied(database.sequelize);
    band = await models.Band.create({ name: 'Strings' });
    ana = await models.Player.create({ name: 'Ana' });
    bo = await models.Player.create({ name: 'Bo' });
  });

  const names = async (options = {}) => (await band.getPlayers(options)).map(({ name }) => name).sort();
  /** The links as raw SQL sees them: player, and whether the link is live. */
  const links = async () => {
    const sql = 'SELECT player_id AS player, _deleted_at IS NULL AS live FROM member ORDER BY id';
    const rows = await database.sequelize.query<{ player: number; live: boolean }>(sql, { type: QueryTypes.SELECT });
    return rows.map(({ player, live }) => [player, live]);
  };

  it('U1 unlinking archives the link, linking again makes a new one, as often as one likes', async () => {
    await band.addPlayer(ana);
    for (const expected of [2, 3, 4]) {
      await band.removePlayer(ana);
      expect([await names(), await band.hasPlayer(ana), await band.countPlayers()]).to.deep.equal([[], false, 0]);
      await band.addPlayer(ana);
      expect(await names()).to.deep.equal(['Ana']);
      expect((await links()).length).to.equal(expected);
    }
    expect((await links()).filter(([, live]) => live)).to.deep.equal([[ana.id, true]]);
  });

  it('U1 two live links of one pair are refused by the database', async () => {
    await band.addPlayers([ana, bo.id]);
    await band.addPlayers([ana.id]);
    expect(await links()).to.have.length(2);
    const insert = () => database.sequelize.query(`INSERT INTO member (band_id, player_id) VALUES (1, ${ana.id})`);
    expect(await refusal(insert())).to.have.property('name', 'SequelizeUniqueConstraintError');
    await band.removePlayer(ana);
    await insert();
    expect(await names()).to.deep.equal(['Ana', 'Bo']);
  });

  it('set: what is dropped is archived, what stays is not touched, what is new is linked', async () => {
    await band.setPlayers([ana, bo]);
    await band.setPlayers([bo]);
    expect(await names()).to.deep.equal(['Bo']);
    await band.setPlayers([ana, bo]);
    expect(await names()).to.deep.equal(['Ana', 'Bo']);
    expect(await links()).to.deep.equal([
      [ana.id, false],
      [bo.id, true],
      [ana.id, true],
    ]);
    await band.setPlayers([]);
    expect((await links()).map(([, live]) => live)).to.deep.equal([false, false, false]);
  });

  it('values of the link: written, changed, and its archived self left alone', async () => {
    await band.addPlayer(ana, { through: { role: 'bass' } });
    await band.removePlayer(ana);
    await band.addPlayer(ana, { through: { role: 'drums' } });
    await band.addPlayer(ana, { through: { role: 'voice' } });
    const roles = await models.Member.findAll({ paranoid: false, order: ['id'] });
    expect(roles.map(({ role }) => role)).to.deep.equal(['bass', 'voice']);
    const [player] = await band.getPlayers({ joinTableAttributes: ['role'] });
    expect(player?.get('Member')).to.have.property('role', 'voice');
  });

  it('archived links and archived players are shown when asked for, each by its own option', async () => {
    await band.setPlayers([ana, bo]);
    await band.removePlayer(ana);
    expect(await names({ through: { paranoid: false } })).to.deep.equal(['Ana', 'Bo']);
    expect(await names({ paranoid: false })).to.deep.equal(['Bo']);
    const include = (options: object) => models.Band.findAll({ include: [{ association: 'players', ...options }] });
    const shown = async (options = {}) => (await include(options))[0]?.players?.map(({ name }) => name).sort();
    expect(await shown()).to.deep.equal(['Bo']);
    expect(await shown({ through: { paranoid: false } })).to.deep.equal(['Ana', 'Bo']);
  });

  it('F2 archiving a player archives its links, restoring it brings just those back', async () => {
    const other = await models.Band.create({ name: 'Other' });
    await band.setPlayers([ana, bo]);
    await other.addPlayer(ana);
    await other.removePlayer(ana);
    await ana.destroy();
    expect([await names(), await band.countPlayers()]).to.deep.equal([['Bo'], 1]);
    expect((await links()).filter(([, live]) => live)).to.deep.equal([[bo.id, true]]);
    await ana.restore();
    expect([await names(), await other.countPlayers()]).to.deep.equal([['Ana', 'Bo'], 0]);
  });

  it('U1 an unlinked pair comes back by restoring the link, unless it was linked anew', async () => {
    await band.addPlayer(ana);
    await band.removePlayer(ana);
    expect(await models.Member.restore({ where: { bandId: band.id } })).to.equal(1);
    expect(await names()).to.deep.equal(['Ana']);
    await band.removePlayer(ana);
    await band.addPlayer(ana);
    const error = await refusal(models.Member.restore({ where: { bandId: band.id } }));
    expect(error).to.have.property('name', 'SequelizeUniqueConstraintError');
    expect(await names()).to.deep.equal(['Ana']);
  });

  it('create through the association, and bulkCreate with it', async () => {
    await band.createPlayer({ name: 'Cy' });
    expect(await names()).to.deep.equal(['Cy']);
    const values = [{ name: 'Duo', players: [{ name: 'Di' }, { name: 'Ed' }] }];
    const [duo] = await models.Band.bulkCreate(values as never, { include: ['players'] });
    expect(await duo?.countPlayers()).to.equal(2);
  });
});
