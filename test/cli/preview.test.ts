import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { useApplication } from './application';

const MODELS = `
const id = { type: DataTypes.INTEGER, primaryKey: true };
class Author extends Guitar(Model) {}
class Book extends Guitar(Model) {}
class Loan extends Guitar(Model) {}
class Wish extends Guitar(Model) {}
class Pair extends Guitar(Model) {}
Author.init({ id: { ...id } }, { sequelize, tableName: 'author' });
Book.init({ id: { ...id }, author: DataTypes.INTEGER }, { sequelize, tableName: 'book' });
Loan.init({ id: { ...id }, book: DataTypes.INTEGER }, { sequelize, tableName: 'loan' });
Wish.init({ id: { ...id }, book: DataTypes.INTEGER }, { sequelize, tableName: 'wish' });
Pair.init({ left: { ...id }, right: { ...id, type: DataTypes.TEXT } }, { sequelize, tableName: 'pair' });
Book.belongsTo(Author, { foreignKey: 'author', as: 'by', onDelete: 'CASCADE' });
Loan.belongsTo(Book, { foreignKey: 'book', as: 'of', onDelete: 'RESTRICT' });
Wish.belongsTo(Book, { foreignKey: 'book', as: 'of', onDelete: 'SET NULL' });
`;

describe('guitars preview delete', () => {
  const db = useDatabase();
  const app = useApplication(db);
  before(async () => {
    app.models(MODELS);
    const times =
      '_created_at timestamptz DEFAULT now(), _updated_at timestamptz DEFAULT now(), _deleted_at timestamptz';
    await db.sequelize.query(`
      CREATE TABLE author (id int PRIMARY KEY, ${times});
      CREATE TABLE book (id int PRIMARY KEY, author int REFERENCES author ON DELETE CASCADE, ${times});
      CREATE TABLE loan (id int PRIMARY KEY, book int REFERENCES book ON DELETE RESTRICT, ${times});
      CREATE TABLE wish (id int PRIMARY KEY, book int REFERENCES book ON DELETE SET NULL, ${times});
      CREATE TABLE pair ("left" int, "right" text, PRIMARY KEY ("left", "right"), ${times});
      INSERT INTO author (id) VALUES (1), (2); INSERT INTO book (id, author) VALUES (1, 1), (2, 1), (3, 2), (4, 1);
      INSERT INTO wish (id, book) VALUES (1, 1); INSERT INTO loan (id, book) VALUES (1, 3);
      INSERT INTO pair ("left", "right") VALUES (1, 'a'), (1, 'b,c');
      UPDATE book SET _deleted_at = now() WHERE id = 4`);
  });

  it('says what would go', async () => {
    const { code, out, err } = await app.guitars('preview', 'delete', 'Author', '1');
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.equal(`Author id 1 is live.

A soft delete would archive 3 rows:
  app.author (Author)  1 row
  app.book (Book)      2 rows

A hard delete would remove 4 rows for good:
  app.author (Author)  1 row
  app.book (Book)      3 rows  1 archived
and cut the links of rows that stay:
  app.wish (Wish)  1 row  book becomes NULL
`);
  });

  it('says what would refuse', async () => {
    const { code, out } = await app.guitars('preview', 'delete', 'Author', '2');
    expect(code).to.equal(0);
    expect(out).to.equal(`Author id 2 is live.

A soft delete would be refused, for the sake of live children:
  app.loan (Loan)  1 row  loan_book_fkey (live child)
Without them it would archive 2 rows:
  app.author (Author)  1 row
  app.book (Book)      1 row

A hard delete would be refused, for the sake of rows that refer to what it removes:
  app.loan (Loan)  1 row  loan_book_fkey (RESTRICT)
Without them it would remove 2 rows for good:
  app.author (Author)  1 row
  app.book (Book)      1 row
`);
  });

  it('of an archived row, that a soft delete would do nothing', async () => {
    const { out } = await app.guitars('preview', 'delete', 'Book', '4');
    expect(out).to.match(/^Book id 4 is archived\.\n\nA soft delete would do nothing: the row is archived already\.\n/);
  });

  it('answers in JSON', async () => {
    const { soft, hard } = JSON.parse((await app.guitars('preview', 'delete', 'Author', '1', '--json')).out);
    expect([soft.does, soft.rows, hard.does, hard.rows, hard.takes[1].archived]).to.deep.equal([
      'archive',
      3,
      'remove',
      4,
      1,
    ]);
  });

  it('takes a composite key with commas or as JSON', async () => {
    const told = async (pk: string) => (await app.guitars('preview', 'delete', 'Pair', pk)).out.split('\n')[0];
    expect(await told('1,a')).to.equal('Pair left 1, right a is live.');
    expect(await told('{"left": 1, "right": "b,c"}')).to.equal('Pair left 1, right b,c is live.');
    expect(await told('[1, "b,c"]')).to.equal('Pair left 1, right b,c is live.');
  });

  for (const [what, args, message] of [
    ['a row that is not there', ['Author', '9'], /^guitars: There is no Author with id 9\. Give the primary key/],
    [
      'a key that is none',
      ['Author', 'x'],
      /^guitars: id x is no primary key of Author \(invalid input syntax.*Give a value/,
    ],
    ['half a key', ['Pair', '1'], /^guitars: "1" is no primary key of Pair\. Give values of left,right with commas/],
    ['an unknown model', ['Writer', '1'], /^guitars: There is no model "Writer"\. Use one of: Author, Book/],
    ['no key at all', ['Author'], /missing required argument 'pk'/],
  ] as const) {
    it(`${what}: exit code 2`, async () => {
      const { code, out, err } = await app.guitars('preview', 'delete', ...args);
      expect([code, out]).to.deep.equal([2, '']);
      expect(err).to.match(message);
    });
  }
});
