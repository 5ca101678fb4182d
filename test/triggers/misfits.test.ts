import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, Guitar, plan } from '../../lib';
import {
  anyChange,
  del,
  insert,
  literal,
  plpgsql,
  protect,
  readOnly,
  softDelete,
  type Trigger,
  trigger,
  truncate,
  update,
  when,
} from '../../lib/triggers';
import { ATTRIBUTES, useTriggers } from './world';

const body = plpgsql`NEW.name := NEW.name;`;

describe('triggers that cannot be', () => {
  const { db } = useTriggers();

  const refusals: [string, () => unknown, RegExp][] = [
    ['no name', () => trigger({ name: '', when: 'before', operation: insert, body }), /needs a "name"/],
    ['no operation', () => trigger({ name: 'x', when: 'before', operation: [], body }), /"x" needs an "operation"/],
    [
      'a when that there is not',
      () => trigger({ name: 'x', when: 'later' as never, operation: insert, body }),
      /has the when "later"\. Use one of: before, after, instead of/,
    ],
    [
      'an unknown option',
      () => trigger({ name: 'x', when: 'before', operation: insert, body, bodi: 1 } as never),
      /has no option "bodi"/,
    ],
    [
      'a body of text',
      () => trigger({ name: 'x', when: 'before', operation: insert, body: 'RETURN NEW' as never }),
      /needs a "body": plpgsql/,
    ],
    [
      'TRUNCATE for each row',
      () => trigger({ name: 'x', when: 'before', operation: truncate, body }),
      /TRUNCATE, which has no rows\. Set \{ level: "statement" \}/,
    ],
    [
      'a timing before',
      () => trigger({ name: 'x', when: 'before', operation: insert, timing: 'deferred', body }),
      /has a timing, which is for those that fire after/,
    ],
    [
      'transition tables of two operations',
      () => trigger({ name: 'x', when: 'after', operation: [insert, update], referencing: { new: 'n' }, body }),
      /one of insert, update and del/,
    ],
    [
      'old rows of an insert',
      () => trigger({ name: 'x', when: 'after', operation: insert, referencing: { old: 'o' }, body }),
      /old rows of an insert/,
    ],
    [
      'instead of with a condition',
      () => trigger({ name: 'x', when: 'instead of', operation: update, condition: anyChange(), body }),
      /cannot have a condition/,
    ],
    [
      'instead of that could be ignored',
      () => trigger({ name: 'x', when: 'instead of', operation: update, ignorable: true, body }),
      /cannot be ignored: without it nothing would be written/,
    ],
    [
      'an order out of range',
      () => trigger({ name: 'x', when: 'before', operation: insert, order: 1000, body }),
      /an "order" from 0 to 999/,
    ],
    [
      'an option that protect does not know',
      () => protect({ operatoin: del } as never),
      /protect\(\) has no option "operatoin"/,
    ],
    ['a when() of nothing', () => when({}), /when\(\) takes \{ old: \{ … \}, new: \{ … \} \}/],
    [
      'a value without a form in SQL',
      () => literal(new Map()) && plpgsql`${new Map() as never}`,
      /A value of the class Map has no form in SQL/,
    ],
    ['a NUL', () => plpgsql`${'a\0b'}`, /a NUL or half a surrogate pair/],
    ['half a surrogate pair', () => plpgsql`${'a\ud800b'}`, /a NUL or half a surrogate pair/],
  ];
  for (const [what, make, message] of refusals)
    it(`refuses ${what}`, () => {
      expect(make).to.throw(DefinitionError, message);
    });

  const misfits: [string, readonly (Trigger | readonly Trigger[])[], RegExp][] = [
    [
      'a column that there is not',
      [readOnly({ fields: ['nmae'] })],
      /names "nmae", which is no column of .*Use one of: id, name, status, price, stock/,
    ],
    ['two of one name', [protect(), protect()], /has two triggers called "protect"/],
    [
      'the old row of an insert',
      [trigger({ name: 'x', when: 'before', operation: insert, condition: anyChange(), body })],
      /looks at the old row, which an insert does not have/,
    ],
    [
      'the new row of a delete',
      [trigger({ name: 'x', when: 'before', operation: del, condition: when({ new: { name: 'a' } }), body })],
      /the new row, which a delete does not have/,
    ],
    [
      'a row of a statement',
      [trigger({ name: 'x', when: 'after', operation: update, level: 'statement', condition: anyChange(), body })],
      /a statement has none\. Use composer\(\)/,
    ],
    ['softDelete of a number without a value', [softDelete({ field: 'stock' })], /needs a "value" for "stock"/],
    [
      'what is no trigger',
      [{ name: 'x' } as never],
      /"triggers" is a list of what trigger\(\), protect\(\) and the like answer/,
    ],
  ];
  for (const [what, triggers, message] of misfits)
    it(`refuses ${what}, when the model is known`, () => {
      const sequelize = db.connect();
      const define = () => {
        sequelize.define('misfit', ATTRIBUTES, { timestamps: false, triggers });
        plan(sequelize);
      };
      expect(define).to.throw(DefinitionError, message);
    });

  it('softDelete refuses a key that would dangle, and a model that is soft-deletable already', async () => {
    const sequelize = db.connect();
    const Parent = sequelize.define('parent', { name: DataTypes.TEXT });
    const Child = sequelize.define('orphan', { gone: DataTypes.DATE }, { triggers: [softDelete({ field: 'gone' })] });
    Child.belongsTo(Parent, { foreignKey: 'parentId', onDelete: 'CASCADE' });
    expect(() => plan(sequelize)).to.throw(
      DefinitionError,
      /keeps the row when its parent by "parentId" is deleted, so the key would lead nowhere\. Set \{ onDelete: 'RESTRICT' \}/,
    );
    class Soft extends Guitar(Model) {}
    expect(() =>
      Soft.init({ gone: DataTypes.DATE }, { sequelize, triggers: [softDelete({ field: 'gone' })] }),
    ).to.throw(DefinitionError, /not soft-deletable already/);
  });
});
