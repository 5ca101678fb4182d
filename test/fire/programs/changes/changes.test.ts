import { expect } from 'chai';
import type pg from 'pg';
import type { Sequelize } from 'sequelize';
import { audit } from '../../../../lib';
import { eachEngine } from '../../../contract/world';
import { useDatabase } from '../../../support/database';
import { CHANGED, page } from '../support/page';
import { refusalOf } from '../support/program';
import { changes, isKept, readState, told } from '../support/state';
import { defineWorld, seed } from '../support/world';
import { CHANGES, type TableChange } from './list';

const expected = page().get(CHANGED);

eachEngine('what a change of the tables does', (engine) => {
  const db = useDatabase();
  let one: Sequelize;
  before(async () => {
    // A pool of one: whatever is sent, the audit too, is sent in the transaction that is rolled back.
    one = db.connect({ pool: { max: 1, min: 1 } });
    defineWorld(one, engine);
    await one.sync();
    await seed(await db.client());
  });
  beforeEach(() => one.query('BEGIN'));
  afterEach(() => one.query('ROLLBACK'));
  const client = {
    query: async (sql: string) => ({ rows: ((await one.query(sql)) as unknown as [object[]])[0] }),
  } as unknown as Pick<pg.Client, 'query'>;

  async function outcome({ change, statement, names = {}, removes = [] }: TableChange): Promise<string> {
    const refused = await one.query(change).then(() => undefined, refusalOf);
    if (refused) return `refused: ${refused.replace(/_\d{5,}/, '_…')}`;
    const read = () => readState(client, (table) => (table in names ? names[table] : table));
    const before = await read();
    await one.query('SAVEPOINT unmoved');
    const error = await one.query(statement).then(() => undefined, refusalOf);
    if (error) await one.query('ROLLBACK TO unmoved');
    const found = changes(before, await read());
    const lost = found.filter(({ verb, table }) => verb === 'removes' && isKept(table));
    if (!removes.includes(engine)) expect(lost).to.deep.equal([]);
    return error ? `refused: ${error}` : told(found);
  }

  async function audited(): Promise<string> {
    const { findings, warnings } = await audit(one, { rebuild: false });
    // Of a role that owns the tables there is always a warning.
    const kinds = [...findings, ...warnings].map(({ kind }) => kind).filter((kind) => kind !== 'role');
    return [...new Set(kinds)].join(', ') || 'nothing';
  }

  for (const each of CHANGES) {
    it(each.title, async () => {
      const came = await outcome(each);
      // A change that was refused leaves nothing to look at, in a transaction that can but be rolled back.
      const said = (await isOpen()) ? await audited() : 'nothing';
      const row = expected?.get(each.title);
      expect([came, said]).to.deep.equal([row?.[engine], row?.[`${engine} audit`]]);
    });
  }

  const isOpen = () =>
    one.query('SELECT 1').then(
      () => true,
      () => false,
    );
});
