import { DataTypes, Model, Op, type Sequelize } from 'sequelize';
import { Setar } from '../../../../lib';
import {
  anyChange,
  changes,
  composer,
  del,
  fresh,
  fsm,
  insert,
  plpgsql,
  protect,
  readOnly,
  softDelete,
  table,
  trigger,
  update,
  when,
} from '../../../../lib/triggers';

/** Triggers that users declare, of each kind that there is, on a plain model and on one of the ladder. */
export function defineDeclared(sequelize: Sequelize) {
  class Log extends Model {}
  class Invoice extends Setar(Model) {}
  class Tag extends Model {}
  const init = (name: string) => ({ sequelize, schema: 'app', modelName: name, tableName: name });
  Log.init({ what: DataTypes.TEXT }, { ...init('log'), timestamps: false });
  Invoice.init(
    {
      number: DataTypes.TEXT,
      status: { type: DataTypes.TEXT, defaultValue: 'draft' },
      total: DataTypes.INTEGER,
      gone: DataTypes.DATE,
    },
    {
      ...init('invoice'),
      triggers: [
        readOnly({ fields: ['number'] }),
        fsm({ field: 'status', initial: ['draft'], transitions: { draft: ['sent'], sent: ['paid'] } }),
        protect({ operation: update, condition: when({ old: { status: 'paid' } }), truncate: true }),
        composer({
          name: 'totals',
          operation: update,
          level: 'statement',
          body: plpgsql`PERFORM count(*) FROM ${changes};`,
        }),
        trigger({
          name: 'log what is dear',
          when: 'after',
          operation: [insert, update],
          condition: when({ new: { total: { [Op.gt]: 100 } } }),
          body: plpgsql`INSERT INTO ${table(Log)} (what) VALUES (${fresh('number')} || ' ' || TG_OP);`,
        }),
      ],
    },
  );
  Tag.init(
    { id: { type: DataTypes.CITEXT, primaryKey: true }, label: DataTypes.CITEXT, gone: DataTypes.DATE },
    {
      ...init('tag'),
      timestamps: false,
      triggers: [
        softDelete({ field: 'gone' }),
        trigger({
          name: 'a constraint',
          when: 'after',
          operation: update,
          timing: 'deferred',
          condition: anyChange({ fields: ['label'] }),
          body: plpgsql`INSERT INTO ${table(Log)} (what) VALUES ('label ' || NEW.label);`,
        }),
        protect({ operation: del, name: 'kept', condition: when({ old: { label: 'Kept' } }) }),
      ],
    },
  );
  return { Log, Invoice, Tag };
}
