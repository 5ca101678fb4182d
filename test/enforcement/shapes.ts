import type { GuitarOptions } from '../../lib';

/** Tables with their keys. */
export interface Shape {
  tables: Record<string, Record<string, [parent: string, onDelete: string]>>;
  options?: Record<string, GuitarOptions>;
  /** SQL that comes after the models' tables. */
  also?: string;
  plain?: Record<string, Record<string, [parent: string]>>;
}

const trigger = { engine: 'trigger' } as const;
const plain = (name: string, column: string, parent: string, action: string) =>
  `CREATE TABLE ${name} (id int PRIMARY KEY, ${column} int REFERENCES ${parent} ${action});`;

export const SHAPES: Record<string, Shape> = {
  'a chain with plain tables at its end': {
    tables: { a: {}, b: { a: ['a', 'CASCADE'] }, c: { b: ['b', 'CASCADE'] } },
    also: plain('p', 'c', 'c', 'ON DELETE CASCADE') + plain('q', 'p', 'p', 'ON DELETE SET NULL'),
    plain: { p: { c: ['c'] }, q: { p: ['p'] } },
  },
  'diamonds, whose guards may be removed by the other side': {
    tables: {
      root: {},
      l: { root: ['root', 'CASCADE'] },
      r: { root: ['root', 'CASCADE'] },
      hand: { l: ['l', 'CASCADE'], r: ['r', 'CASCADE'] },
      first: { l: ['l', 'NO ACTION'], r: ['r', 'CASCADE'] },
      second: { l: ['l', 'CASCADE'], r: ['r', 'RESTRICT'] },
    },
    options: { l: trigger, hand: trigger },
    also: `${plain('late', 'l', 'l', 'DEFERRABLE INITIALLY DEFERRED')} ALTER TABLE late ADD r int REFERENCES r ON DELETE CASCADE;`,
    plain: { late: { l: ['l'], r: ['r'] } },
  },
  'self-references': {
    tables: {
      employee: { boss: ['employee', 'CASCADE'] },
      tree: { parent: ['tree', 'NO ACTION'], owner: ['employee', 'CASCADE'] },
      list: { previous: ['list', 'SET NULL'], owner: ['employee', 'CASCADE'] },
    },
    options: { employee: trigger },
  },
  'a cycle with a guard': {
    tables: {
      x: { y: ['y', 'CASCADE'] },
      y: { z: ['z', 'CASCADE'] },
      z: { x: ['x', 'CASCADE'] },
      w: { x: ['x', 'RESTRICT'], y: ['y', 'CASCADE'] },
    },
    options: { y: trigger },
  },
  'mixed policies': {
    tables: {
      keeper: {},
      kept: { keeper: ['keeper', 'CASCADE'] },
      bound: { keeper: ['keeper', 'CASCADE'], kept: ['kept', 'SET NULL'] },
      taken: { keeper: ['keeper', 'SET NULL'], bound: ['bound', 'CASCADE'] },
    },
    options: {
      kept: { onSoftDelete: { keeper_link: 'keep' } },
      bound: { onSoftDelete: { keeper_link: 'restrict' } },
      taken: { onSoftDelete: { keeper_link: 'cascade' } },
    },
    also: `${plain('strict', 'kept', 'kept', 'ON DELETE SET NULL')} ${plain('other', 'taken', 'taken', 'ON DELETE SET DEFAULT')}`,
    plain: { strict: { kept: ['kept'] }, other: { taken: ['taken'] } },
  },
};
