import { expect } from 'chai';
import { audit } from '../../lib';
import { useApplication } from '../cli/application';
import { number } from '../contract/world';
import { useDatabase } from '../support/database';

const TRIGGERS = `const { appendOnly, protect, readOnly, trigger, plpgsql, insert, when } = require('__TRIGGERS__');`;
const model = (triggers: string) => `
class Ledger extends Model {}
Ledger.init({ title: DataTypes.TEXT }, { sequelize, modelName: 'Ledger', tableName: 'ledger', timestamps: false, triggers: [${triggers}] });`;
const LATE = `trigger({ name: 'late', when: 'after', operation: insert, timing: 'deferred', condition: when({ new: { title: 'bad' } }), body: plpgsql\`RAISE EXCEPTION 'bad';\` })`;

describe('declared triggers are enforced objects', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const query = (sql: string) => db.sequelize.query(sql);
  const models = (triggers: string) =>
    app.models(TRIGGERS.replace('__TRIGGERS__', app.library('triggers')) + model(triggers));
  const triggers = () => number(db.sequelize, 'SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal');
  const listed = async (...args: string[]) => {
    const { out, code } = await app.guitars('ls', '--json', ...args);
    const all = JSON.parse(out) as { kind: string; declared: string; status: string; state: string }[];
    return {
      code,
      lines: all
        .filter(({ kind }) => kind === 'trigger')
        .map((each) => `${each.declared} ${each.status} ${each.state}`),
    };
  };

  before(() => query('CREATE TABLE ledger (id serial PRIMARY KEY, title text)'));

  it('make, migrate, ls, audit: a plain model’s triggers, from the migrations', async () => {
    models(`appendOnly(), ${LATE}`);
    expect((await app.guitars('make')).out).to.match(/create trigger guitars__500_appendOnly on "app"\."ledger"/);
    expect((await app.guitars('migrate', 'up')).code).to.equal(0);
    expect(await triggers()).to.equal(3);
    expect(await listed()).to.deep.equal({
      code: 0,
      lines: ['appendOnly INSTALLED ENABLED', 'appendOnly truncate INSTALLED ENABLED', 'late INSTALLED ENABLED'],
    });
    expect((await app.guitars('audit')).code).to.equal(0);
    models(LATE);
    expect((await app.guitars('make', '--check')).code).to.equal(1);
    expect((await app.guitars('make')).out).to.match(/retire trigger guitars__500_appendOnly on/);
    await app.guitars('migrate', 'up');
    expect(await triggers()).to.equal(1);
    models('');
    await app.guitars('make');
    await app.guitars('migrate', 'up');
    expect(await triggers()).to.equal(0);
    await app.guitars('migrate', 'down', '--all');
    expect(await number(db.sequelize, `SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'guitars'`)).to.equal(0);
  });

  it('status and drift: disabled, edited, ALWAYS, REPLICA and gone, each by its name; install mends', async () => {
    models(`protect(), ${LATE}, readOnly({ name: 'fixed', fields: ['title'] })`);
    expect((await app.guitars('install')).code).to.equal(0);
    await query(
      `ALTER TABLE ledger DISABLE TRIGGER "guitars__500_protect"; ALTER TABLE ledger ENABLE ALWAYS TRIGGER "guitars__500_protect truncate"`,
    );
    expect((await listed('--model', 'Ledger')).lines).to.include.members([
      'protect INSTALLED DISABLED',
      'protect truncate INSTALLED ALWAYS',
    ]);
    expect((await app.guitars('enable', '--name', 'protect')).out).to.match(/enabled trigger guitars__500_protect/);
    expect(await listed('--name', 'protect*')).to.deep.equal({
      code: 0,
      lines: ['protect INSTALLED ENABLED', 'protect truncate INSTALLED ALWAYS'],
    });
    await query(`ALTER TABLE ledger ENABLE REPLICA TRIGGER "guitars__999_fixed"`);
    // Its comment is kept: it is the catalog that tells.
    await query(`DO $$ DECLARE mark text := obj_description((SELECT oid FROM pg_trigger WHERE tgname = 'guitars__500_protect')); f text := (SELECT tgfoid::regproc FROM pg_trigger WHERE tgname = 'guitars__500_protect'); BEGIN
      EXECUTE 'CREATE OR REPLACE TRIGGER "guitars__500_protect" BEFORE DELETE ON ledger FOR EACH ROW WHEN (false) EXECUTE FUNCTION ' || f || '()';
      EXECUTE format('COMMENT ON TRIGGER "guitars__500_protect" ON ledger IS %L', mark); END $$`);
    const { lines, code } = await listed();
    expect([code, lines.filter((line) => !/late|truncate/.test(line))]).to.deep.equal([
      1,
      ['protect DRIFTED ENABLED', 'fixed INSTALLED REPLICA'],
    ]);
    expect((await app.guitars('audit')).out).to.match(
      /drifted {2}Ledger: the trigger guitars__500_protect is drifted: it was edited by hand/,
    );
    expect((await app.guitars('install')).code).to.equal(0);
    const clean = await app.guitars('audit');
    expect(clean.code, clean.out).to.equal(0);
  });

  it('prune: what the models declare no longer', async () => {
    models('protect()');
    expect((await listed()).lines).to.include('null PRUNE null');
    expect((await app.guitars('prune')).code).to.equal(0);
    expect((await listed()).code).to.equal(0);
    models('');
    expect((await listed()).lines).to.deep.equal(['null PRUNE null', 'null PRUNE null']);
    expect((await app.guitars('install')).code).to.equal(0);
    expect((await app.guitars('audit')).err).to.match(
      /warning: unexpected {2}Ledger: .*may be another application’s\. Run:\n {2}mend: guitars prune --model Ledger/,
    );
    expect((await app.guitars('prune')).out).to.match(/dropped trigger guitars__500_protect/);
    expect(await triggers()).to.equal(0);
    expect((await audit(db.sequelize)).ok).to.equal(true);
  });
});
