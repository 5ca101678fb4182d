import { expect } from 'chai';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Guitar, SoftDeletable } from '../../lib';
import { useDatabase } from '../support/database';
import { eachEngine, held, live, number } from './world';

eachEngine('F1 referential integrity holds physically', (engine) => {
  const db = useDatabase();
  const int = () => ({ type: DataTypes.INTEGER });
  let sequelize: Sequelize;
  before(async () => {
    sequelize = db.sequelize;
    const init = (name: string) => ({ sequelize, modelName: name, tableName: name, guitar: { engine } });
    class Shop extends Model {}
    class Order extends Guitar(Model) {}
    class Line extends Guitar(Model) {}
    class Note extends SoftDeletable(Model) {}
    Shop.init({ name: DataTypes.TEXT }, { ...init('shop'), timestamps: false });
    Order.init({ shop_id: int() }, { ...init('order'), indexes: [{ fields: ['shop_id'] }] });
    Line.init(
      { order_id: int(), shop_id: int() },
      { ...init('line'), indexes: [{ fields: ['order_id'] }, { fields: ['shop_id'] }] },
    );
    Note.init({ shop_id: int() }, { ...init('note'), indexes: [{ fields: ['shop_id'] }] });
    Order.belongsTo(Shop, { foreignKey: 'shop_id', onDelete: 'CASCADE' });
    Line.belongsTo(Order, { foreignKey: 'order_id', onDelete: 'CASCADE' });
    Line.belongsTo(Shop, { foreignKey: 'shop_id', onDelete: 'CASCADE' });
    Note.belongsTo(Shop, { foreignKey: 'shop_id', onDelete: 'SET NULL' });
    await sequelize.sync();
  });
  beforeEach(async () => {
    await sequelize.query(`BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE shop, "order", line, note; COMMIT`);
    await sequelize.query(`INSERT INTO shop (id, name) VALUES (1, 'a'), (2, 'b')`);
    await sequelize.query(`INSERT INTO "order" (id, shop_id) VALUES (1, 1), (2, 2), (3, NULL)`);
    await sequelize.query(
      `INSERT INTO line (id, order_id, shop_id) VALUES (1, 1, 1), (2, 2, 2), (3, 2, 1), (4, NULL, NULL)`,
    );
    await sequelize.query(`INSERT INTO note (id, shop_id) VALUES (1, 1)`);
  });
  const dangling = () =>
    number(
      sequelize,
      `SELECT (SELECT count(*) FROM "order" o WHERE shop_id IS NOT NULL AND NOT EXISTS (SELECT FROM shop WHERE id = o.shop_id))
            + (SELECT count(*) FROM line l WHERE order_id IS NOT NULL AND NOT EXISTS (SELECT FROM "order" WHERE id = l.order_id))
            + (SELECT count(*) FROM line l WHERE shop_id IS NOT NULL AND NOT EXISTS (SELECT FROM shop WHERE id = l.shop_id))
            + (SELECT count(*) FROM note n WHERE shop_id IS NOT NULL AND NOT EXISTS (SELECT FROM shop WHERE id = n.shop_id)) AS n`,
    );

  it('F1 a child whose plain parent is deleted goes with it, to any depth; the others stay', async () => {
    await sequelize.query('DELETE FROM shop WHERE id = 1');
    expect(await dangling()).to.equal(0);
    expect([await held(sequelize, 'order'), await held(sequelize, 'line')]).to.deep.equal([2, 2]);
    expect(await live(sequelize, 'order')).to.equal(2);
  });

  it('F1 archived children go too', async () => {
    await sequelize.query('DELETE FROM "order"');
    await sequelize.query('DELETE FROM shop');
    expect(await dangling()).to.equal(0);
    expect([await held(sequelize, 'order'), await held(sequelize, 'line')]).to.deep.equal([1, 1]);
  });

  it('F1 a SET NULL child keeps its row and loses its link', async () => {
    await sequelize.query('DELETE FROM shop WHERE id = 1');
    expect(await number(sequelize, 'SELECT count(*) AS n FROM note WHERE shop_id IS NULL')).to.equal(1);
  });

  it('F1 rows whose key is NULL are archived, not removed', async () => {
    await sequelize.query('DELETE FROM "order" WHERE shop_id IS NULL');
    await sequelize.query('DELETE FROM line WHERE order_id IS NULL');
    expect([await held(sequelize, 'order'), await live(sequelize, 'order')]).to.deep.equal([3, 2]);
    expect([await held(sequelize, 'line'), await live(sequelize, 'line')]).to.deep.equal([4, 3]);
  });
});
