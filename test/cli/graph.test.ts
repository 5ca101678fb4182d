import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { useApplication } from './application';

const MODELS = `
const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const models = {};
const model = (name, Base, columns, guitar) => {
  models[name] = class extends Base {};
  const attributes = Object.fromEntries(columns.map((column) => [column, DataTypes.INTEGER]));
  const options = { sequelize, modelName: name, tableName: name.toLowerCase(), timestamps: Base !== Model && Base !== BARE, ...(guitar && { guitar }) };
  models[name].init({ id: id(), ...attributes, ...(name === 'Author' && { email: { type: DataTypes.TEXT, unique: true } }) }, options);
};
const BARE = Dutar(Model);
const belongs = (child, parent, column, onDelete) =>
  models[child].belongsTo(models[parent], { as: column + '_link', foreignKey: column, onDelete });
model('Author', Guitar(Model), ['mentor'], { hardDeleteRole: 'dba' });
model('Book', Guitar(Model), ['author', 'latest'], { engine: 'trigger' });
model('Edition', Guitar(Model), ['book']);
model('Loan', Guitar(Model), ['book', 'edition']);
model('Log', Setar(Model), ['author']);
model('Draft', BARE, ['book']);
model('Sh<elf', Model, ['book "x"']);
belongs('Author', 'Author', 'mentor', 'SET NULL');
belongs('Book', 'Author', 'author', 'CASCADE');
belongs('Book', 'Edition', 'latest', 'SET NULL');
belongs('Edition', 'Book', 'book', 'CASCADE');
belongs('Loan', 'Book', 'book', 'RESTRICT');
belongs('Loan', 'Edition', 'edition', 'CASCADE');
belongs('Log', 'Author', 'author', 'CASCADE');
belongs('Draft', 'Book', 'book', 'CASCADE');
`;

describe('guitars graph', () => {
  const db = useDatabase();
  const app = useApplication(db);
  before(() => app.models(MODELS));
  const drawn = async (...args: string[]) => {
    const { code, out, err } = await app.guitars('graph', ...args);
    expect(code, err).to.equal(0);
    return out;
  };

  it('tells in JSON what is enforced, and what each delete does', async () => {
    const { models, keys } = JSON.parse(await drawn('--json'));
    expect(models.map(({ model, rung, engine }: Record<string, string>) => [model, rung, engine])).to.deep.equal([
      ['Author', 'Guitar', 'rule'],
      ['Book', 'Guitar', 'trigger'],
      ['Draft', 'Dutar', null],
      ['Edition', 'Guitar', 'rule'],
      ['Loan', 'Guitar', 'rule'],
      ['Log', 'Setar', null],
      ['Sh<elf', 'Model', null],
    ]);
    const { objects, ...author } = models[0];
    expect(author).to.deep.equal({
      model: 'Author',
      schema: 'app',
      table: 'author',
      rung: 'Guitar',
      engine: 'rule',
      times: ['_created_at', '_updated_at', '_deleted_at'],
      liveUnique: [{ name: author.liveUnique[0].name, columns: ['email'] }],
      hardDeleteRole: 'dba',
    });
    expect(objects.rule).to.equal(1);
    expect(
      keys.map(({ child, column, soft, hard }: Record<string, string>) => [`${child}.${column}`, soft, hard]),
    ).to.deep.equal([
      ['Author.mentor', 'keep', 'SET NULL'],
      ['Book.author', 'cascade', 'CASCADE'],
      ['Book.latest', 'keep', 'SET NULL'],
      ['Draft.book', 'none', 'CASCADE'],
      ['Edition.book', 'cascade', 'CASCADE'],
      ['Loan.book', 'restrict', 'RESTRICT'],
      ['Loan.edition', 'cascade', 'CASCADE'],
      ['Log.author', 'none', 'CASCADE'],
    ]);
  });

  it('is Mermaid by default', async () => {
    const out = await drawn();
    expect(out).to.match(/^flowchart TD\n/);
    expect(out).to.include(
      'm0["<b>Author</b><br/>app.author<br/>Guitar, rule engine<br/>_created_at, _updated_at, _deleted_at<br/>unique among live: email<br/>hard delete: role dba<br/>',
    );
    expect(out).to.include('m0 ==>|"author<br/>soft: archives<br/>hard: removes"| m1');
    expect(out).to.include('m1 --x|"book<br/>soft: refuses<br/>hard: refuses"| m4');
    expect(out).to.include('m1 -.-o|"book<br/>soft: nothing<br/>hard: removes"| m2');
    expect(out).to.include('<b>Sh#60;elf</b>');
  });

  it('is a page and a drawing that need nothing beside them, light and dark', async () => {
    await drawn('--format', 'html', '--out', 'graph.html');
    const page = app.read('graph.html');
    const drawing = await drawn('--format', 'svg');
    expect(page).to.include(drawing);
    for (const text of [page, drawing]) {
      expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.to.match(
        /https?:|<script|<link|@import|src=|url\((?!#)/,
      );
      expect(text).to.include('prefers-color-scheme: dark').and.to.include('Sh&lt;elf').and.not.to.include('Sh<elf');
      expect(text).to.include(
        'Book.author (CASCADE): archiving a row of Author archives the live rows of Book that refer to it; removing it removes them.',
      );
      expect(text).not.to.match(/NaN|undefined|Infinity/);
    }
    expect(drawing.match(/class="key [a-z]+" d="[^"]+" marker-end/g)?.length).to.equal(8 + 3);
  });

  it('no two boxes overlap, and a child stands below its parents unless they go round', async () => {
    const drawing = await drawn('--format', 'svg');
    const found = drawing.matchAll(
      /<g transform="translate\((\d+) (\d+)\)"><rect class="card" width="(\d+)" height="(\d+)".*?class="name"[^>]*>([^<]+)</g,
    );
    const boxes = [...found].map(([, x, y, w, h, name]) => ({
      x: Number(x),
      y: Number(y),
      w: Number(w),
      h: Number(h),
      name,
    }));
    expect(boxes).to.have.length(7);
    for (const a of boxes)
      for (const b of boxes.slice(boxes.indexOf(a) + 1))
        expect(
          a.x + a.w < b.x || b.x + b.w < a.x || a.y + a.h < b.y || b.y + b.h < a.y,
          `${a.name} ${b.name}`,
        ).to.equal(true);
    const top = (name: string) => boxes.find((box) => box.name === name)?.y ?? 0;
    expect([top('Author') < top('Book'), top('Book') < top('Edition'), top('Edition') < top('Loan')]).to.deep.equal([
      true,
      true,
      true,
    ]);
  });

  it('is the same each time', async () => {
    expect(await drawn('--format', 'html')).to.equal(await drawn('--format', 'html'));
  });

  it('refuses a format that there is not', async () => {
    const { code, err } = await app.guitars('graph', '--format', 'png');
    expect([code, err]).to.deep.equal([
      2,
      'guitars: There is no format "png". Use one of: mermaid, svg, html, json.\n',
    ]);
  });
});
