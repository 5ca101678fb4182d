import { expect } from 'chai';
import express from 'express';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, Guitar } from '../../lib';
import { type RestOptions, softDeleteRouter } from '../../lib/rest';
import { id } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';

const TEXTS = [
  'eq',
  'ne',
  'in',
  'notIn',
  'isNull',
  'contains',
  'startsWith',
  'icontains',
  'istartsWith',
  'gt',
] as const;
const ORDERED = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'isNull'] as const;

describe('filters', () => {
  const database = useDatabase();
  class Thing extends Guitar(Model) {
    declare id: number;
    declare name: string;
    declare size: number;
    declare born: Date;
    declare kind: string;
    declare price: string;
    declare done: boolean;
    declare meta: object;
  }
  const options = {
    filter: {
      name: TEXTS,
      size: ORDERED,
      born: ORDERED,
      kind: ORDERED,
      price: ORDERED,
      done: ['eq', 'isNull'],
      deletedAt: ['lt', 'gte'],
      since: { attribute: 'createdAt', operators: ['gte'] },
    },
  } as unknown as RestOptions<Thing>;

  before(async () => {
    Thing.init(
      {
        id: id(),
        name: { type: DataTypes.TEXT, field: 'the name, äß' },
        size: DataTypes.INTEGER,
        born: DataTypes.DATE,
        kind: DataTypes.ENUM('red', 'gr,een'),
        price: DataTypes.DECIMAL(10, 2),
        done: DataTypes.BOOLEAN,
        meta: DataTypes.JSONB,
      },
      { sequelize: database.sequelize, tableName: 'thing' },
    );
    await Thing.sync();
    await Thing.bulkCreate([
      { name: 'Alpha', size: 1, kind: 'red', price: '1.50', done: true },
      { name: '50%_\\', size: 2, kind: 'gr,een', price: '2.50', done: false },
      { name: "O'Beta", size: 3, price: '10.00' },
      { name: null },
    ]);
    await database.sequelize.query(`UPDATE thing SET born = '2026-01-01T00:00:00.000005Z' WHERE id = 1`);
    await database.sequelize.query(`UPDATE thing SET born = '2026-01-01T00:00:00.000006Z' WHERE id = 2`);
  });
  const { ask } = useServer(() => express().use('/things', softDeleteRouter(Thing, options)));

  const found: [string, number[]][] = [
    ['', [1, 2, 3, 4]],
    ['name=Alpha', [1]],
    ['name=alpha', []],
    ['name=', []],
    ['name[ne]=Alpha', [2, 3]],
    ['name[in]=Alpha&name[in]=x', [1]],
    ['name[notIn]=Alpha', [2, 3]],
    ['name[isNull]=true', [4]],
    ['name[isNull]=false', [1, 2, 3]],
    ['name[contains]=lph', [1]],
    ['name[contains]=%25', [2]],
    ['name[contains]=_', [2]],
    ['name[contains]=%5C', [2]],
    ["name[contains]='", [3]],
    ['name[startsWith]=Al', [1]],
    ['name[startsWith]=lp', []],
    ['name[icontains]=LPH', [1]],
    ['name[istartsWith]=aL', [1]],
    ['size=2', [2]],
    ['size[gt]=1&size[lt]=3', [2]],
    ['size[gte]=2', [2, 3]],
    ['size[in]=1&size[in]=3', [1, 3]],
    ['born=2026-01-01T00:00:00.000005Z', [1]],
    ['born[gt]=2026-01-01T01:00:00.000005%2B01:00', [2]],
    ['kind=gr,een', [2]],
    ['kind[in]=red&kind[in]=gr,een', [1, 2]],
    ['price=1.5', [1]],
    ['price[gt]=2.5', [3]],
    ['done=true', [1]],
    ['done[isNull]=true', [3, 4]],
    ['since[gte]=2001-01-01T00:00:00Z&size=1', [1]],
  ];
  for (const [query, ids] of found) {
    it(`?${query}: ${ids.length} rows`, async () => {
      const { status, body } = await ask('GET', `/things?${query}`);
      expect(status, JSON.stringify(body)).to.equal(200);
      expect(body.results.map((row: { id: number }) => row.id)).to.deep.equal(ids);
      expect(body.count).to.equal(ids.length);
    });
  }

  const refused: [string, RegExp][] = [
    ['size=x', /"size" must be a whole number/],
    ['size=', /"size" must be/],
    ['size=99999999999', /"size" must be/],
    ['size=1&size=2', /more than once/],
    ['size[like]=1', /no parameter "size\[like\]"/],
    ['size[gt][lt]=1', /no parameter/],
    ['name[$or]=1', /no parameter/],
    ['name[eq]=1', /no parameter "name\[eq\]"/],
    ['done=maybe', /must be true or false/],
    ['name[isNull]=1', /must be true or false/],
    ['born=yesterday', /must be a time/],
    ['born=2026-13-01T00:00:00Z', /must be a time/],
    ['born=2026-01-01T00:00:00', /must be a time/],
    ['kind=blue', /must be one of red, gr,een/],
    ['name=%00', /must be text without NUL/],
    ['price=1e5', /must be a number/],
    ['meta=1', /no parameter "meta"/],
    ['__proto__=1', /no parameter "__proto__"/],
    ['constructor[prototype]=1', /no parameter/],
    [Array.from({ length: 101 }, (_, n) => `size[in]=${n}`).join('&'), /more than 100/],
    ['permanent=true', /no parameter "permanent"/],
  ];
  for (const [query, detail] of refused) {
    it(`?${query.slice(0, 40)}: 400, which says why`, async () => {
      const { status, body } = await ask('GET', `/things?${query}`);
      expect(status).to.equal(400);
      expect(body.detail).to.match(detail);
    });
  }

  it('what cannot be filtered by is refused when the router is made', () => {
    const make = (filter: unknown) => () => softDeleteRouter(Thing, { filter } as never);
    expect(make(['meta'])).to.throw(DefinitionError, /"meta", which is JSONB/);
    expect(make(['nome'])).to.throw(DefinitionError, /"nome".*is no attribute/);
    expect(make({ name: ['regexp'] })).to.throw(DefinitionError, /cannot go by "regexp"/);
    expect(make({ size: ['contains'] })).to.throw(DefinitionError, /cannot go by "contains"/);
    expect(make({ page: { attribute: 'size' } })).to.throw(DefinitionError, /a parameter cannot be "page"/);
    expect(make({ __proto__: null, toString: ['eq'] })).to.throw(DefinitionError, /is no attribute/);
  });

  it('so is a name that Sequelize takes for something else', () => {
    class Odd extends Guitar(Model) {}
    Odd.init(
      { id: id(), 'a.b': DataTypes.TEXT, $c$: DataTypes.TEXT, d: { type: DataTypes.TEXT, field: 'd"' } },
      { sequelize: database.sequelize, tableName: 'odd' },
    );
    for (const name of ['a.b', '$c$', 'd']) {
      for (const option of ['filter', 'sort']) {
        const make = () => softDeleteRouter(Odd, { [option]: [name] } as never);
        expect(make, `${option} ${name}`).to.throw(DefinitionError, /in its name or its column's/);
      }
    }
  });

  it('so is an option that there is not, or a hook that is none', () => {
    expect(() => softDeleteRouter(Thing, { authorise: () => true } as never)).to.throw(
      DefinitionError,
      /no option "authorise"/,
    );
    expect(() => softDeleteRouter(Thing, { authorize: true } as never)).to.throw(DefinitionError, /is a function/);
    for (const [option, why] of [
      [{ sort: ['meta'] }, /"meta", which is JSONB/],
      [{ bodyLimit: 'large' }, /bodyLimit is large/],
      [{ bodyLimit: Number.NaN }, /bodyLimit is NaN/],
      [{ pageSize: { maximum: 5 } }, /pageSize has no option "maximum"/],
      [{ filter: { name: { attribut: 'size' } } }, /filter\.name has no option "attribut"/],
      [{ include: { owner: { feilds: ['id'] } } }, /include\.owner has no option "feilds"/],
      [{ include: { owner: false } }, /include\.owner is false/],
    ] as const) {
      expect(() => softDeleteRouter(Thing, option as never)).to.throw(DefinitionError, why);
    }
    for (const bodyLimit of [5, '5', '1.5 MB', '100kb']) softDeleteRouter(Thing, { bodyLimit });
    expect(() => softDeleteRouter(Thing, { bulkLimit: 0 })).to.throw(DefinitionError, /bulkLimit is 0/);
    expect(() => softDeleteRouter(Thing, { writable: ['createdAt'] as never })).to.throw(
      DefinitionError,
      /kept by the database/,
    );
    expect(() => softDeleteRouter(Thing, { include: ['owner'] })).to.throw(DefinitionError, /no association "owner"/);
    expect(() => softDeleteRouter(Thing, { history: true })).to.throw(DefinitionError, /Versioned/);
    expect(() => softDeleteRouter(Model as never)).to.throw(DefinitionError, /soft deletion/);
  });
});
