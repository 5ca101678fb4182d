import { expect } from 'chai';
import { DefinitionError, plan } from '../../lib';
import { fresh, insert, plpgsql, protect, trigger, update } from '../../lib/triggers';
import { Fragment } from '../../lib/triggers/fragment';
import { tokens } from '../../lib/triggers/tokens';
import { refusal } from '../contract/world';
import { ATTRIBUTES, useTriggers } from './world';

describe('bodies of triggers are read as PostgreSQL reads them', () => {
  const { db, item } = useTriggers();
  const suppressing = (code: string) => [
    protect(),
    trigger({
      ...{ name: 'q', when: 'after', operation: insert, suppress: 'protect' },
      body: new Fragment(() => code),
    }),
  ];
  const returns = 'IF true THEN RETURN NULL; END IF;';

  const hiding = {
    'an escaped quote': `PERFORM E'\\''; ${returns} PERFORM 'x';`,
    'a quote in a name': `PERFORM 1 AS "it's"; ${returns} PERFORM 1 AS "it's";`,
    'a dollar in a word': `PERFORM 1 AS a$x$; ${returns} PERFORM 1 AS b$x$;`,
    'a quote in a dollar quote': `PERFORM $$'$$; ${returns} PERFORM $$'$$;`,
    'a comment that ends': `/* /* ' */ */ ${returns} /* ' */`,
    'a quote in a comment': `PERFORM 1; -- it's\n${returns} -- it's`,
    'a doubled quote': `PERFORM 'it''s'; ${returns} PERFORM 'x';`,
    'lower case': 'if true then return null; end if;',
    'no space': 'BEGIN/**/RETURN/**/NULL; END;',
  };
  for (const [how, code] of Object.entries(hiding))
    it(`finds a RETURN behind ${how}`, () => {
      const sequelize = db.connect();
      sequelize.define('hiding', ATTRIBUTES, { timestamps: false, triggers: suppressing(code) });
      expect(() => plan(sequelize)).to.throw(DefinitionError, /its body must not RETURN/);
    });

  const harmless = {
    'a name': 'PERFORM "return" FROM (SELECT 1 AS "return") AS s;',
    'a column of a row': 'PERFORM s.return FROM (SELECT 1 AS "return") AS s;',
    'a text': `PERFORM 'return', E'it\\'s \\\\ return', U&'return', $$ return $$, $x$ $$ return $x$;`,
    'a comment': 'PERFORM 1; -- return\n/* /* */ return */',
    'a longer word': 'PERFORM 1 AS returned, 2 AS no_return, 3 AS return$x;',
  };
  it('takes a RETURN for none that is in a name, a text, a comment or a longer word', async () => {
    for (const [what, code] of Object.entries(harmless)) {
      const Item = await item(suppressing(code));
      expect(await Item.create({ name: what, price: 1 }), what).to.have.property('name', what);
      expect((await refusal(Item.destroy({ where: {} }))).name, what).to.equal('ProtectedError');
    }
  });

  it('nothing of a body is lost, whatever it is', () => {
    for (const code of [
      ...Object.values(hiding),
      ...Object.values(harmless),
      `'open`,
      '"open',
      '$x$ open',
      '/* open',
      'é$1',
    ])
      expect(
        tokens(code)
          .map(({ text }) => text)
          .join(''),
      ).to.equal(code);
  });

  it('a last semicolon that is missing is added, in declarations too', async () => {
    const Item = await item([
      trigger({
        ...{ name: 'a', when: 'before', operation: insert },
        declare: plpgsql`one text := 'x;' -- the first`,
        body: plpgsql`${fresh('name')} := one || 'y' -- done;`,
      }),
      trigger({
        ...{ name: 'b', when: 'before', operation: update },
        body: plpgsql`${fresh('name')} := 'z'; /* done */ `,
      }),
      trigger({ name: 'c', when: 'before', operation: update, body: plpgsql`-- nothing` }),
      trigger({ name: 'd', when: 'after', operation: insert, suppress: 'b', body: plpgsql`PERFORM 1 ` }),
    ]);
    const one = await Item.create({ name: 'a', price: 1 });
    await one.reload();
    expect(one.name).to.equal('x;y');
    await one.update({ price: 2 });
    await one.reload();
    expect(one.name).to.equal('z');
  });
});
