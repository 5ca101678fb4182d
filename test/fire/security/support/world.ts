import { DataTypes, Model, type Sequelize } from 'sequelize';
import { type Engine, Guitar } from '../../../../lib';
import { Versioned } from '../../../../lib/history/versioned';
import {
  fsm,
  insert,
  notify,
  plpgsql,
  protect,
  readOnly,
  searchVector,
  softDelete,
  together,
  trigger,
  update,
  when,
} from '../../../../lib/triggers';

const int = () => ({ type: DataTypes.INTEGER });

/**
 * One of everything that is installed: a chain by CASCADE, a child of two parents, one that guards its parent, one of a plain parent, a table whose
 * keys lead back to it, a guarded history, and declared triggers of each kind.
 */
export function defineVault(sequelize: Sequelize, engine: Engine, hardDeleteRole?: string) {
  const init = (name: string, ...keys: string[]) => ({
    sequelize,
    modelName: name,
    tableName: name,
    guitar: { engine, hardDeleteRole },
    indexes: keys.map((key) => ({ fields: [key] })),
  });
  class Owner extends Guitar(Model) {}
  class Bank extends Guitar(Model) {}
  class Account extends Guitar(Model) {}
  class Lien extends Guitar(Model) {}
  class Shop extends Model {}
  class Part extends Guitar(Model) {}
  class Folder extends Guitar(Model) {}
  class Doc extends Versioned(Guitar(Model), { requireRevision: true }) {}
  class Order extends Guitar(Model) {}
  class Legacy extends Model {}
  Owner.init({ name: DataTypes.STRING }, init('owner'));
  Bank.init({ name: DataTypes.STRING }, init('bank'));
  Account.init({ name: DataTypes.STRING }, init('account', 'owner_id', 'bank_id'));
  Account.belongsTo(Owner, { foreignKey: 'owner_id', onDelete: 'CASCADE' });
  Account.belongsTo(Bank, { foreignKey: 'bank_id', onDelete: 'CASCADE' });
  Lien.init({ name: DataTypes.STRING }, init('lien', 'account_id'));
  Lien.belongsTo(Account, { foreignKey: 'account_id', onDelete: 'RESTRICT' });
  Shop.init({ name: DataTypes.STRING }, { ...init('shop'), timestamps: false });
  Part.init({ name: DataTypes.STRING }, init('part', 'shop_id'));
  Part.belongsTo(Shop, { foreignKey: 'shop_id', onDelete: 'CASCADE' });
  Folder.init({ name: DataTypes.STRING, parent_id: int() }, init('folder', 'parent_id'));
  Folder.belongsTo(Folder, { as: 'parent', foreignKey: 'parent_id', onDelete: 'CASCADE' });
  Doc.init({ title: DataTypes.STRING }, init('doc'));
  Order.init(
    {
      code: DataTypes.STRING(32),
      status: { type: DataTypes.STRING, defaultValue: 'draft' },
      feet: int(),
      inches: int(),
      body: DataTypes.TEXT,
      search: DataTypes.TSVECTOR,
      touched: { ...int(), defaultValue: 0 },
    },
    {
      ...init('order'),
      triggers: [
        readOnly({ name: 'code stays', fields: ['code'], ignorable: false }),
        fsm({
          name: 'status',
          field: 'status',
          initial: ['draft'],
          transitions: { draft: ['sent'], sent: ['paid'] },
          ignorable: false,
        }),
        together(['feet', 'inches'], { ignorable: false }),
        protect({
          name: 'paid stays',
          operation: update,
          condition: when({ old: { status: 'paid' } }),
          ignorable: false,
        }),
        protect({ name: 'soft wall', operation: update, condition: when({ old: { body: 'kept' } }) }),
        searchVector({ field: 'search', from: { body: 'A' } }),
        notify({ channel: 'orders', fields: ['status'] }),
        trigger({
          name: 'own',
          when: 'before',
          operation: [insert, update],
          body: plpgsql`NEW.touched := NEW.touched + 1;`,
        }),
      ],
    },
  );
  Legacy.init(
    { name: DataTypes.STRING, gone: { type: DataTypes.BOOLEAN, defaultValue: false, allowNull: false } },
    { ...init('legacy'), timestamps: false, triggers: [softDelete({ field: 'gone', ignorable: false })] },
  );
  return { Owner, Bank, Account, Lien, Shop, Part, Folder, Doc, Order, Legacy };
}

/** Removes every row, through the door; the history keeps what it has. */
export async function empty(sequelize: Sequelize): Promise<void> {
  const tables = Object.values(sequelize.models).map(({ tableName }) => `"${tableName}"`);
  const doors = `SET LOCAL guitars.hard_delete = on; SET LOCAL guitars.revision = '{"actor":"test"}'`;
  await sequelize.query(`BEGIN; ${doors}; TRUNCATE ${tables.join(', ')} CASCADE; COMMIT`);
}
