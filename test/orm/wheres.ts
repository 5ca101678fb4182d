import { col, fn, literal, Op, type WhereOptions, where as whereOf } from 'sequelize';

/** The articles that the conditions below are about. */
export const THREE = [
  { title: 'one', stock: 1, meta: { colour: 'red' } },
  { title: 'two', stock: 2, meta: { size: { width: 2 } } },
  { title: 'three', stock: 3 },
];

/** Conditions of every shape, with the titles of those of `one`, `two` and `three` that meet them. */
export const WHERES: Record<string, [WhereOptions, string[]]> = {
  'an attribute whose column has another name': [{ title: 'one' }, ['one']],
  'a list': [{ title: ['one', 'two'] }, ['one', 'two']],
  'an empty list': [{ title: [] }, []],
  'an operator': [{ stock: { [Op.gte]: 2 } }, ['two', 'three']],
  'Op.or': [{ [Op.or]: [{ title: 'one' }, { stock: 3 }] }, ['one', 'three']],
  'Op.and in Op.or': [{ [Op.or]: [{ [Op.and]: [{ title: 'one' }, { stock: 1 }] }, { stock: 3 }] }, ['one', 'three']],
  'Op.not': [{ [Op.not]: { title: 'one' } }, ['two', 'three']],
  'an Op.or beside an attribute': [{ stock: { [Op.lt]: 3 }, [Op.or]: [{ title: 'one' }, { title: 'three' }] }, ['one']],
  'an array of conditions': [[{ title: 'one' }, { stock: 1 }] as never, ['one']],
  'a literal': [literal('"in_stock" > 1'), ['two', 'three']],
  'a literal with an OR of its own': [literal('"in_stock" = 1 OR "in_stock" = 3'), ['one', 'three']],
  'a literal with an OR of its own, under Op.and': [
    { [Op.and]: literal('"in_stock" = 1 OR "in_stock" = 3') as never },
    ['one', 'three'],
  ],
  'a literal with an OR of its own, under Op.or, deeper': [
    { [Op.and]: { [Op.or]: literal('"in_stock" = 1 OR "in_stock" = 3') as never } },
    ['one', 'three'],
  ],
  'a literal with an OR of its own, as a value': [
    { stock: { [Op.eq]: literal('1 OR "in_stock" = 3') } },
    ['one', 'three'],
  ],
  'a literal with an OR of its own, for an attribute': [
    { title: literal('"in_stock" = 1 OR "in_stock" = 3') },
    ['one', 'three'],
  ],
  'a function': [whereOf(fn('lower', col('article_title')), 'one'), ['one']],
  'into JSON, nested': [{ meta: { size: { width: 2 } } }, ['two']],
  'into JSON, by path': [{ 'meta.colour': 'red' }, ['one']],
  'the time of deletion': [{ deletedAt: null }, ['one', 'two', 'three']],
  'the time of deletion, of archived rows': [{ deletedAt: { [Op.ne]: null } }, []],
  everything: [{}, ['one', 'two', 'three']],
};
