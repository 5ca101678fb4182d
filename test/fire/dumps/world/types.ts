import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Dutar, Guitar } from '../../../../lib';
import { Versioned } from '../../../../lib/history';

/** A column of each type that is hard to write and read again; keys of `citext`; and a model whom the database does nothing for. */
export function defineTypes(sequelize: Sequelize) {
  class Value extends Versioned(Guitar(Model)) {}
  class Word extends Versioned(Guitar(Model)) {}
  class Use extends Guitar(Model) {}
  class Plain extends Dutar(Model) {}
  const init = (name: string) => ({ sequelize, schema: 'app', modelName: name, tableName: name });
  Value.init(
    {
      id: { type: 'integer GENERATED ALWAYS AS IDENTITY', primaryKey: true },
      text: DataTypes.TEXT,
      mood: DataTypes.ENUM('so so', `it's "fine"`, 'a,b{c}'),
      json: DataTypes.JSON,
      jsonb: DataTypes.JSONB,
      texts: DataTypes.ARRAY(DataTypes.TEXT),
      bytes: DataTypes.BLOB,
      number: DataTypes.DECIMAL,
      float: DataTypes.DOUBLE,
      moment: DataTypes.DATE,
      span: DataTypes.RANGE(DataTypes.DATE),
      words: DataTypes.TSVECTOR,
      length: 'integer GENERATED ALWAYS AS (length(text)) STORED',
    },
    init('value'),
  );
  Word.init({ id: { type: DataTypes.CITEXT, primaryKey: true }, note: DataTypes.CITEXT }, init('word'));
  Use.init(
    {
      word: {
        type: DataTypes.CITEXT,
        references: { model: { tableName: 'word', schema: 'app' } as never, key: 'id' },
        onDelete: 'CASCADE',
      },
    },
    { ...init('use'), guitar: { engine: 'trigger' }, indexes: [{ fields: ['word'], name: 'use_word' }] },
  );
  Plain.init({ name: DataTypes.TEXT }, { ...init('plain'), timestamps: false });
  return { Value, Word, Use, Plain };
}
