import { expect } from 'chai';
import { rows } from '../contract/world';
import type { TestDatabase } from '../support/database';
import type { Application, Run } from './application';

/** A model with a unique attribute and a cascade key to itself; `guitar` are options of it. */
export const MEMBER = (guitar = '') => `class Member extends Guitar(Model) {}
Member.init({
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
  email: { type: DataTypes.TEXT, unique: true },
  chiefId: DataTypes.INTEGER,
}, { sequelize, tableName: 'member', guitar: { ${guitar} } });
Member.belongsTo(Member, { as: 'chief', foreignKey: 'chiefId', onDelete: 'CASCADE' });`;

/** A model `Note` with the table note; `attributes` and `guitar` are more of both. */
export const NOTE = (attributes = '', guitar = '') => `class Note extends Guitar(Model) {}
Note.init({ id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, ${attributes} },
  { sequelize, modelName: 'Note', tableName: 'note', guitar: { ${guitar} } });
`;

/** Models `Author` and `Book`, whose key to it cascades. */
export const LIBRARY = `class Author extends Guitar(Model) {}
Author.init({ id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true } }, { sequelize, modelName: 'Author', tableName: 'author' });
class Book extends Guitar(Model) {}
Book.init({ id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, author_id: DataTypes.INTEGER }, { sequelize, modelName: 'Book', tableName: 'book' });
Book.belongsTo(Author, { foreignKey: 'author_id', onDelete: 'CASCADE' });
`;

/** What the tests of `guitars adopt` do over and over. */
export function adoption(db: TestDatabase, app: Application) {
  const helpers = {
    /** What is said of an adoption that is refused before anything has changed. */
    async refused(...args: string[]): Promise<string> {
      const before = await helpers.shape();
      const { code, err } = await app.guitars('adopt', ...args);
      expect(code, err).to.equal(2);
      expect(await helpers.shape()).to.deep.equal(before);
      return err;
    },

    /** Adopts, and expects that to have gone well. */
    async adopt(...args: string[]): Promise<Run> {
      const run = await app.guitars('adopt', ...args);
      expect(run.code, run.err).to.equal(0);
      return run;
    },

    /** Starts a run; `said` answers, once it has said a text or has ended, all that it has said. */
    start(...args: string[]) {
      const child = app.start('adopt', ...args);
      let err = '';
      let out = '';
      child.stderr?.on('data', (data) => {
        err += data;
        child.emit('said');
      });
      child.stdout?.on('data', (data) => {
        out += data;
      });
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      const said = (text: string) =>
        new Promise<string>((resolve) => {
          const look = () => err.includes(text) && resolve(err);
          child.on('said', look);
          ended.then(() => resolve(err));
          look();
        });
      const kill = () => {
        child.kill('SIGKILL');
        return ended;
      };
      return { child, ended, said, kill, out: () => out };
    },

    /** All that the catalog says of the application's tables, a line each. */
    async shape(): Promise<string[]> {
      const found = await rows<{ line: string }>(
        db.sequelize,
        `SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) AS line
           FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
           WHERE relkind = 'r' AND relnamespace = 'app'::regnamespace AND attnum > 0 AND NOT attisdropped
         UNION ALL SELECT concat_ws(' ', indexrelid::regclass, pg_get_indexdef(indexrelid), indisvalid)
           FROM pg_index JOIN pg_class AS c ON c.oid = indrelid WHERE relnamespace = 'app'::regnamespace
         UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(oid), convalidated)
           FROM pg_constraint WHERE connamespace = 'app'::regnamespace AND contype <> 'n'
         UNION ALL SELECT concat_ws(' ', tgrelid::regclass, pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename LIKE 'guitars%'
         ORDER BY line`,
      );
      return found.map(({ line }) => line);
    },
  };
  return helpers;
}
