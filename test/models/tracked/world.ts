import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type InitOptions,
  Model,
  type ModelAttributes,
  type Range,
  type Sequelize,
} from 'sequelize';
import { Tracked } from '../../../lib';
import { useDatabase } from '../../support/database';

export const ATTRIBUTES = {
  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
  name: { type: DataTypes.TEXT, field: 'full name' },
  age: DataTypes.INTEGER,
  price: DataTypes.DECIMAL(10, 2),
  meta: DataTypes.JSONB,
  doc: DataTypes.JSON,
  tags: DataTypes.ARRAY(DataTypes.TEXT),
  born: DataTypes.DATE,
  photo: DataTypes.BLOB,
  span: DataTypes.RANGE(DataTypes.INTEGER),
  words: DataTypes.HSTORE,
  feet: DataTypes.INTEGER,
  inches: DataTypes.INTEGER,
} satisfies ModelAttributes;

type Json = { [key: string]: unknown };

/** A model of persons: a column of each sort that tracking has to do with. */
export function personModel(sequelize: Sequelize, options: Partial<InitOptions> = {}, more: ModelAttributes = {}) {
  class Person extends Tracked(Model)<InferAttributes<Person>, InferCreationAttributes<Person>> {
    declare id: CreationOptional<number>;
    declare name: CreationOptional<string | null>;
    declare age: CreationOptional<number | null>;
    declare price: CreationOptional<string | number | null>;
    declare meta: CreationOptional<Json | null>;
    declare doc: CreationOptional<Json | null>;
    declare tags: CreationOptional<string[] | null>;
    declare born: CreationOptional<Date | null>;
    declare photo: CreationOptional<Buffer | null>;
    declare span: CreationOptional<Range<number> | readonly [number, number] | null>;
    declare words: CreationOptional<Record<string, string> | null>;
    declare feet: CreationOptional<number | null>;
    declare inches: CreationOptional<number | null>;
  }
  Person.init({ ...ATTRIBUTES, ...more } as never, { sequelize, tableName: 'person', timestamps: false, ...options });
  return Person;
}

export type PersonModel = ReturnType<typeof personModel>;
export type Person = InstanceType<PersonModel>;

/** What a person has where a test does not say otherwise; fresh values at each call. */
export const values = () => ({
  name: 'Ana',
  age: 30,
  price: '1.50',
  meta: { a: 1, b: { c: [1, 2] } },
  doc: { x: 1 },
  tags: ['one', 'two'],
  born: new Date('2001-02-03T04:05:06.789Z'),
  photo: Buffer.from('abc'),
  span: [1, 5] as const,
  words: { k: 'v' },
  feet: 5,
  inches: 11,
});

/** A database with a table of persons, for one `describe` block. */
export function usePersons(options: Partial<InitOptions> = {}, more: ModelAttributes = {}) {
  const db = useDatabase();
  let model: PersonModel;
  before('make the table of persons', async () => {
    // For the type HSTORE, which is an extension's.
    await (await db.admin()).query('CREATE EXTENSION hstore SCHEMA public');
    await (await db.client()).query(`ALTER DATABASE "${db.name}" SET search_path TO app, public`);
    model = personModel(db.connect(), options, more);
    await model.sync();
  });
  return {
    db,
    get Person() {
      return model;
    },
    /** A person of its own, loaded from the database. */
    async loaded(given: object = {}, find: object = {}): Promise<Person> {
      const { id } = await model.create({ ...values(), ...given });
      return (await model.findByPk(id, { ...find, rejectOnEmpty: true })) as Person;
    },
    /** The row in the database. */
    async stored({ id }: { id: number }) {
      return (await model.findByPk(id, { rejectOnEmpty: true })).toJSON() as Record<string, unknown>;
    },
  };
}
