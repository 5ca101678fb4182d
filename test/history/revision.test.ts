import { expect } from 'chai';
import { QueryTypes, type Transaction } from 'sequelize';
import { DefinitionError } from '../../lib';
import { currentRevision, type Revision, withRevision } from '../../lib/history/revision';
import { whileSet } from '../../lib/session/within';
import { refusal } from '../contract/world';
import { useDatabase } from '../support/database';
import { attached, NOW } from './revisions';

const ANN = { actor: 'ann' };
const BEN = { actor: 'ben' };

describe('withRevision', () => {
  const db = useDatabase();
  before(async () => {
    await db.sequelize.query('CREATE TABLE seen (id serial PRIMARY KEY, by text, note text)');
    await db.sequelize.query(`CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.by := nullif(current_setting('guitars.revision', true), '')::jsonb->>'actor'; RETURN NEW; END $$`);
    await db.sequelize.query(
      'CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON seen FOR EACH ROW EXECUTE FUNCTION stamp()',
    );
  });
  afterEach(() => db.sequelize.query('TRUNCATE seen RESTART IDENTITY'));
  /** Who wrote what. */
  const seen = async () => {
    const all = await db.sequelize.query<{ note: string; by: string | null }>(
      'SELECT note, by FROM seen ORDER BY note',
      {
        type: QueryTypes.SELECT,
      },
    );
    return Object.fromEntries(all.map(({ note, by }) => [note, by]));
  };
  const add = (note: string) => `INSERT INTO seen (note) VALUES ('${note}')`;

  it('answers what fn answers; the setting is there for raw SQL and gone afterwards, with the context apart', async () => {
    const { sequelize, now } = attached(db, { pool: { max: 1 } });
    const said = { actor: 'ann', comment: `it's "so" \\ ünï`, request: 7, tags: ['a', null], deep: { ok: true } };
    const answer = await withRevision(said, async () => {
      expect(currentRevision()).to.deep.equal(said);
      return sequelize.transaction((transaction) => now({ transaction }));
    });
    const { actor, comment, ...context } = said;
    expect(answer).to.deep.equal({ actor, comment, context });
    expect(currentRevision()).to.equal(undefined);
    expect(await now()).to.equal('');
    expect(await sequelize.transaction((transaction) => now({ transaction }))).to.equal('');
    expect(await withRevision(ANN, () => 5)).to.equal(5);
  });

  it('nested: what the inner one does not say is the outer one’s, which is back afterwards', async () => {
    const { sequelize, now } = attached(db);
    await withRevision({ ...ANN, comment: 'outer', a: 1, b: 1 }, () =>
      sequelize.transaction(async (transaction) => {
        await withRevision({ comment: 'inner', actor: undefined, b: 2 }, async () => {
          expect(currentRevision()).to.deep.equal({ ...ANN, comment: 'inner', a: 1, b: 2 });
          expect(await now({ transaction })).to.deep.equal({ ...ANN, comment: 'inner', context: { a: 1, b: 2 } });
        });
        expect(await now({ transaction })).to.deep.equal({ ...ANN, comment: 'outer', context: { a: 1, b: 1 } });
      }),
    );
  });

  it('is a copy: neither what the caller nor what fn does to it changes it; nothing said is no revision', async () => {
    const { sequelize, now, sent } = attached(db);
    const said = { ...ANN, list: [1] };
    await withRevision(said, async () => {
      said.list.push(2);
      (currentRevision() as { list: number[] }).list.push(3);
      expect(await now()).to.deep.equal({ ...ANN, context: { list: [1] } });
    });
    sent();
    await withRevision({ actor: undefined }, () => sequelize.query(add('x')));
    expect(sent()).to.deep.equal([add('x')]);
    const odd = JSON.parse('{"actor":"ann","__proto__":1,"context":2}');
    await withRevision(odd, async () =>
      expect(JSON.stringify(await now())).to.equal('{"actor":"ann","context":{"__proto__":1,"context":2}}'),
    );
  });

  it('refuses what is no revision, with a remedy, before fn runs', async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const cases: [unknown, RegExp][] = [
      [undefined, /a revision is an object\. Pass it first, as in/],
      [null, /a revision is an object/],
      ['ann', /a revision is an object/],
      [['ann'], /a revision is an object/],
      [{ actor: 1 }, /the actor is a text, not a number\. Make it one, or leave it out/],
      [{ actor: null }, /the actor is a text, not null/],
      [{ comment: ['a'] }, /the comment is a text, not a list/],
      [{ a: 1n }, /JSON cannot hold this revision: "a" is a bigint\. Say it with/],
      [{ a: { b: Number.NaN } }, /"b" is NaN/],
      [{ a: () => 1 }, /"a" is a function/],
      [{ a: Symbol('s') }, /"a" is a symbol/],
      [{ a: new Map() }, /"a" is a Map/],
      [{ a: circle }, /circular/],
      [{ a: 'x\0' }, /NUL character/],
      [{ actor: '\ud800' }, /surrogate/],
    ];
    for (const [revision, message] of cases) {
      const error = await refusal(
        withRevision(revision as Revision, () => {
          throw new Error('ran');
        }),
      );
      expect(error).to.be.instanceOf(DefinitionError);
      expect(error.message).to.match(message);
    }
    const none = await refusal(withRevision(ANN, undefined as never));
    expect(none.message).to.match(/nothing to run\. Pass a function second/);
    const { now } = attached(db);
    const fair = { actor: '\\u0000', smile: '😀', at: new Date(0), gone: undefined };
    expect(await withRevision(fair, () => now())).to.deep.equal({
      actor: '\\u0000',
      context: { smile: '😀', at: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('an error of fn is the caller’s, and the revision is gone', async () => {
    const { now } = attached(db);
    const error = await refusal(withRevision(ANN, () => Promise.reject(new Error('mine'))));
    expect(error.message).to.equal('mine');
    const thrown = withRevision(ANN, () => {
      throw new Error('at once');
    });
    expect((await refusal(thrown)).message).to.equal('at once');
    expect(currentRevision()).to.equal(undefined);
    expect(await now()).to.equal('');
  });

  describe('in a transaction', () => {
    it('costs no statement when it is begun within, and one when it was begun before', async () => {
      const { sequelize, sent, now } = attached(db);
      await sequelize.authenticate();
      sent();
      const text = `SET LOCAL "guitars"."revision" = '{"actor":"ann"}'`;
      await withRevision(ANN, () =>
        sequelize.transaction(async (transaction) => {
          for (const note of 'abc') await sequelize.query(add(note), { transaction });
        }),
      );
      expect(sent()).to.deep.equal([`START TRANSACTION ; ${text}`, add('a'), add('b'), add('c'), 'COMMIT;']);
      await sequelize.transaction((transaction) =>
        withRevision(ANN, async () => {
          // Texts that look like statements are none.
          for (const note of ['d', 'end', 'commit']) await sequelize.query(add(note), { transaction });
        }),
      );
      expect(sent()).to.deep.equal(['START TRANSACTION;', text, add('d'), add('end'), add('commit'), 'COMMIT;']);
      await sequelize.transaction((transaction) => now({ transaction }));
      expect(sent()).to.deep.equal(['START TRANSACTION;', NOW, 'COMMIT;']);
      expect(Object.values(await seen())).to.deep.equal(Array(6).fill('ann'));
    });

    it('the transaction still takes its isolation level, and no snapshot before a LOCK', async () => {
      const { sequelize, now } = attached(db);
      await withRevision(ANN, () =>
        sequelize.transaction({ isolationLevel: 'REPEATABLE READ' as never }, async (transaction) => {
          const level = await sequelize.query(`SELECT current_setting('transaction_isolation')`, {
            transaction,
            plain: true,
          });
          expect(level).to.deep.equal({ current_setting: 'repeatable read' });
        }),
      );
      await sequelize.transaction((transaction) =>
        withRevision(ANN, async () => {
          await sequelize.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', { transaction });
          await db.sequelize.query(add('before'));
          await sequelize.query('LOCK TABLE seen', { transaction });
          expect(await now({ transaction })).to.deep.equal(ANN);
          const [found] = (await sequelize.query('SELECT note FROM seen', { transaction })) as unknown as [object[]];
          expect(found).to.deep.equal([{ note: 'before' }]);
        }),
      );
    });

    it('is for what fn sends, and not for what is sent beside it or left running', async () => {
      const { sequelize } = attached(db);
      await sequelize.transaction(async (transaction) => {
        const write = (note: string) => sequelize.query(add(note), { transaction });
        let late: Promise<unknown> | undefined;
        let go = () => {};
        await Promise.all([
          ...[ANN, BEN].map((who) =>
            withRevision(who, async () => {
              for (let n = 0; n < 5; n++) await write(`${who.actor} ${n}`);
              if (who === BEN) return;
              late = new Promise<void>((resolve) => {
                go = resolve;
              }).then(() => write('late'));
            }),
          ),
          ...[1, 2, 3].map((n) => write(`beside ${n}`)),
        ]);
        go();
        await late;
        await write('after');
      });
      for (const [note, by] of Object.entries(await seen()))
        expect(by, note).to.equal(/^(ann|ben)/.exec(note)?.[0] ?? null);
      expect(Object.keys(await seen())).to.have.length(15);
    });

    it('goes on after a savepoint is rolled back to, within and without; an aborted transaction fails as ever', async () => {
      const { sequelize, now } = attached(db);
      const nested = (transaction: Transaction, work: (inner: Transaction) => Promise<unknown>) =>
        refusal(
          sequelize.transaction({ transaction } as never, async (inner) => {
            await work(inner);
            await sequelize.query('SELECT 1 / 0', { transaction: inner });
          }),
        );
      await sequelize.transaction(async (transaction) => {
        await withRevision(ANN, async () => {
          expect((await nested(transaction, (inner) => now({ transaction: inner }))).message).to.match(/by zero/);
          expect(await now({ transaction })).to.deep.equal(ANN);
          await nested(transaction, (inner) => withRevision(BEN, () => now({ transaction: inner })));
          expect(await now({ transaction })).to.deep.equal(ANN);
          await sequelize.query('SAVEPOINT mine', { transaction });
        });
        expect(await now({ transaction })).to.equal('');
        await sequelize.query('/* back */ ROLLBACK TO mine', { transaction });
        expect(await now({ transaction })).to.equal('');
        await nested(transaction, (inner) => withRevision(BEN, () => now({ transaction: inner })));
        expect(await now({ transaction })).to.equal('');
      });
      const messages: string[] = [];
      await refusal(
        withRevision(ANN, () =>
          sequelize.transaction(async (transaction) => {
            for (const sql of ['SELECT 1 / 0', 'SELECT 1'])
              messages.push((await refusal(sequelize.query(sql, { transaction }))).message);
            messages.push(
              (await refusal(withRevision(BEN, () => sequelize.query('SELECT 2', { transaction })))).message,
            );
            throw new Error('back');
          }),
        ),
      );
      expect(messages).to.deep.equal([
        'division by zero',
        ...Array(2).fill('current transaction is aborted, commands ignored until end of transaction block'),
      ]);
      expect(await now()).to.equal('');
    });

    it('many at once on one pool; the pool keeps nothing', async () => {
      const { sequelize, now } = attached(db, { pool: { max: 3 } });
      await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          withRevision({ actor: `a${n}` }, async () => {
            if (n % 2) return sequelize.query(add(`a${n}.`));
            return sequelize.transaction(async (transaction) => {
              await sequelize.query(add(`a${n}.`), { transaction });
              if (n % 3 === 0) await refusal(sequelize.query('nonsense', { transaction }));
              if (n % 3 === 0) throw new Error('back');
            });
          }).catch((error) => expect(error.message).to.equal('back')),
        ),
      );
      const found = await seen();
      expect(Object.keys(found)).to.have.length(25);
      for (const [note, by] of Object.entries(found)) expect(note).to.equal(`${by}.`);
      const left = await Promise.all([1, 2, 3].map(() => sequelize.transaction((transaction) => now({ transaction }))));
      expect(left).to.deep.equal(['', '', '']);
    });

    it('together with what else is set on its connection', async () => {
      const { sequelize } = attached(db);
      await sequelize.transaction(async (transaction) => {
        const { connection } = transaction as unknown as { connection: object };
        const both = () =>
          sequelize.query(
            `SELECT current_setting('guitars.revision', true) AS r, current_setting('guitars.off', true) AS o`,
            {
              transaction,
              plain: true,
            },
          );
        const off = <T>(fn: () => Promise<T>) => whileSet(connection, { 'guitars.off': 'on' }, fn);
        const r = JSON.stringify(ANN);
        expect(await withRevision(ANN, () => off(both))).to.deep.equal({ r, o: 'on' });
        expect(await withRevision(ANN, both)).to.deep.equal({ r, o: '' });
        expect(await off(() => withRevision(ANN, both))).to.deep.equal({ r, o: 'on' });
        expect(await off(both)).to.deep.equal({ r: '', o: 'on' });
        expect(await both()).to.deep.equal({ r: '', o: '' });
      });
    });

    it('raw SQL may say it itself, and what is put off until the end is done for the last one', async () => {
      const { sequelize, now } = attached(db);
      await sequelize.transaction(async (transaction) => {
        await withRevision(BEN, () => now({ transaction }));
        await now({ transaction });
        await sequelize.query(`SELECT set_config('guitars.revision', '{"actor":"raw"}', true)`, { transaction });
        await sequelize.query(add('raw'), { transaction });
      });
      await sequelize.query(`CREATE FUNCTION put_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen (note) VALUES ('put off by ' || NEW.note); RETURN NULL; END $$`);
      await sequelize.query(`CREATE CONSTRAINT TRIGGER put_off AFTER INSERT ON seen DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.note = 'x') EXECUTE FUNCTION put_off()`);
      await sequelize.transaction((transaction) => withRevision(ANN, () => sequelize.query(add('x'), { transaction })));
      await sequelize.query('DROP TRIGGER put_off ON seen');
      expect(await seen()).to.deep.equal({ raw: 'raw', x: 'ann', 'put off by x': 'ann' });
    });

    it('with a driver that does not tell whether it is in one', async () => {
      const { sequelize, sent, now } = attached(db, { pool: { max: 1 } }, { silent: true });
      await sequelize.authenticate();
      sent();
      await withRevision(ANN, async () => {
        await sequelize.query(add('own'));
        await sequelize.query('SELECT 1', { type: QueryTypes.SELECT });
        await sequelize.transaction(async (transaction) => {
          await sequelize.query(add('begun'), { transaction });
          await withRevision(BEN, () => sequelize.query(add('inner'), { transaction }));
        });
      });
      await sequelize.transaction(async (transaction) => {
        await withRevision(ANN, () => sequelize.query(add('late'), { transaction }));
        expect(await now({ transaction })).to.equal('');
      });
      await sequelize.query(add('none'));
      expect(await seen()).to.deep.equal({ own: 'ann', begun: 'ann', inner: 'ben', late: 'ann', none: null });
      // Each statement of `own`, `begun`, `inner` and `late`, a COMMIT after `inner`, and the one that reads it gone.
      expect(sent().filter((sql) => /SET LOCAL/.test(sql))).to.have.length(6);
    });
  });
});
