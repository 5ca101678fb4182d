import { Op } from 'sequelize';
import {
  anyChange,
  changes,
  composer,
  fresh,
  fsm,
  insert,
  old,
  plpgsql,
  readOnly,
  trigger,
  update,
  when,
} from '../../lib/triggers';
import type { Case } from '../harness/case';
import { paired } from '../harness/pairs';
import { statement } from '../harness/sides';
import type { World } from '../harness/world';
import { declaredCities, fill, insertion, twin } from '../tables';
import { fsmInBody, ignoreByException, ignoreInBody, readOnlyInBody } from '../triggerPeers';

const NOTHING = plpgsql`NEW.population := 0;`;

/** A bulk INSERT past a trigger that nothing switches off and whose condition is false. */
export const ignoreCheck: Case = {
  name: 'declared trigger, INSERT of 300k rows, nothing ignored, condition false',
  target: 1.3,
  async run(world) {
    const condition = when({ new: { population: { [Op.lt]: -1 } } });
    const never = trigger({ name: 'never', when: 'before', operation: insert, condition, body: NOTHING });
    await tables(world, ['plain', 'body', 'exception'], [never]);
    await world.sql(ignoreInBody('body'), ignoreByException('exception'));
    await fill(world, ['cities', 'plain', 'body', 'exception'], 1000);
    const rows = world.rows(300_000);
    const add = (table: string) => statement(world, [table], insertion(table, rows, undefined, 1000));
    return paired(world, {
      ours: add('cities'),
      without: add('plain'),
      peers: {
        'current_setting in the body': add('body'),
        'an exception block in the body (django-pgtrigger)': add('exception'),
      },
    });
  },
};

/** A bulk UPDATE of the state, which goes as it may. */
export const stateMachine: Case = {
  name: 'fsm, raw bulk UPDATE of the state',
  async run(world) {
    const machine = fsm({ field: 'feature', transitions: [...'ABCDEFG'].map((from) => [from, 'Z'] as const) });
    await tables(world, ['plain', 'body'], machine);
    await world.sql(fsmInBody('body'));
    await fill(world, ['cities', 'plain', 'body'], world.rows(100_000));
    for (const table of ['cities', 'plain', 'body'])
      await world.sql(
        `ALTER TABLE ${table} DISABLE TRIGGER USER`,
        `UPDATE ${table} SET feature = 'A'`,
        `ALTER TABLE ${table} ENABLE TRIGGER USER`,
      );
    const go = (table: string) => statement(world, [table], `UPDATE ${table} SET feature = 'Z'`);
    return paired(world, { ours: go('cities'), without: go('plain'), peers: { 'PL/pgSQL without WHEN': go('body') } });
  },
};

/** A bulk UPDATE of columns that are not read-only. */
export const readOnlyColumns: Case = {
  name: 'readOnly, raw bulk UPDATE of another column',
  async run(world) {
    await tables(world, ['plain', 'body'], [readOnly({ fields: ['name', 'country', 'latitude'] })]);
    await world.sql(readOnlyInBody('body'));
    await fill(world, ['cities', 'plain', 'body'], world.rows(100_000));
    const go = (table: string) => statement(world, [table], `UPDATE ${table} SET population = population + 1`);
    return paired(world, { ours: go('cities'), without: go('plain'), peers: { 'PL/pgSQL without WHEN': go('body') } });
  },
};

/** A log of what a bulk UPDATE changes. */
export const composed: Case = {
  name: 'composer, raw bulk UPDATE into a log, for each statement',
  async run(world) {
    const log = (level: 'row' | 'statement') =>
      composer({
        name: 'log',
        level,
        operation: update,
        condition: anyChange({ fields: ['population'] }),
        body: plpgsql`INSERT INTO log SELECT ${fresh('id')}, ${old('population')}, ${fresh('population')} FROM ${changes};`,
      });
    await world.sql('CREATE TABLE log (id int, was int, now int)');
    await tables(world, ['plain'], [log('statement')]);
    declaredCities(world, 'rows', [log('row')]);
    await world.sequelize.sync();
    await fill(world, ['cities', 'rows', 'plain'], world.rows(100_000));
    const go = (table: string) => statement(world, [table, 'log'], `UPDATE ${table} SET population = population + 1`);
    return paired(world, { ours: go('cities'), without: go('plain'), peers: { 'the same for each row': go('rows') } });
  },
};

async function tables(world: World, others: readonly string[], triggers: Parameters<typeof declaredCities>[2]) {
  declaredCities(world, 'cities', triggers);
  await world.sequelize.sync();
  for (const table of others) await twin(world, table, 'cities');
}
