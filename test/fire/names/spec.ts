import fc from 'fast-check';
import { identifier } from './identifiers';
import { KINDS } from './kinds';

export interface ColumnSpec {
  readonly attribute: string;
  readonly column: string;
  readonly kind: string;
}

export interface TableSpec {
  /** Name of the model. */
  readonly model: string;
  readonly schema: string;
  readonly table: string;
  readonly rung: 'Guitar' | 'SoftDeletable' | 'Setar' | 'plain';
  readonly engine: 'rule' | 'trigger';
  readonly versioned: boolean;
  readonly columns: { readonly createdAt: string; readonly updatedAt: string; readonly deletedAt: string } | undefined;
  readonly deletion: string | undefined;
  /** One column or two. */
  readonly key: readonly ColumnSpec[];
  /** Unique, and no key: what links refer to where the key has two columns. */
  readonly code: ColumnSpec;
  readonly others: readonly ColumnSpec[];
  /** A unique index among live rows, by its name. */
  readonly unique: string | undefined;
  /** The names of declared triggers. */
  readonly triggers: readonly string[];
}

export interface LinkSpec {
  readonly child: number;
  readonly parent: number;
  readonly attribute: string;
  readonly column: string;
  /** To `code` also where the key would do. */
  readonly toCode: boolean;
  readonly onDelete: 'CASCADE' | 'RESTRICT' | 'NO ACTION' | 'SET NULL';
  readonly policy: 'cascade' | 'restrict' | 'keep' | undefined;
  /** The name of the foreign key in the database. */
  readonly constraint: string;
  /** To which row of the parent each row of the child refers; none where there is no such row. */
  readonly to: readonly number[];
}

export interface WorldSpec {
  /** Do Sequelize's own calls reach its tables? */
  readonly orm: boolean;
  readonly tables: readonly TableSpec[];
  readonly links: readonly LinkSpec[];
  /** A name that nothing has yet, for a column. */
  readonly spare: string;
}

/** Rows in each table. */
export const ROWS = 4;

// Sequelize defines an accessor for each: those that instances have already would be hidden.
const ATTRIBUTES = [
  'a b',
  "o'b",
  'x$1',
  'ключ',
  '🎸',
  'old',
  'new',
  'order',
  'user',
  'select',
  'a-b',
  'tg_op',
  'found',
  ':v',
  '?',
  '%s',
  'é',
  '\\',
];
const POOL = 34;

const table = (
  n: number,
  names: readonly string[],
  schemas: readonly string[],
  orm: boolean,
): fc.Arbitrary<TableSpec> => {
  const kinds = Object.keys(KINDS).filter((kind) => !orm || !KINDS[kind]?.raw);
  const kind = fc.constantFrom(...kinds);
  const pick = fc.shuffledSubarray([...names], { minLength: 10, maxLength: 10 });
  const attributes = fc.shuffledSubarray(ATTRIBUTES, { minLength: 6, maxLength: 6 });
  const made = fc.record({
    columns: pick,
    attributes,
    composite: fc.boolean(),
    kinds: fc.array(kind, { minLength: 4, maxLength: 4 }),
    schema: fc.constantFrom(...schemas),
    rung: fc.oneof(
      { weight: 6, arbitrary: fc.constant('Guitar' as const) },
      fc.constantFrom('SoftDeletable' as const, 'Setar' as const, 'plain' as const),
    ),
    engine: fc.constantFrom('rule' as const, 'trigger' as const),
    versioned: fc.boolean(),
    named: fc.boolean(),
    unique: fc.boolean(),
    triggers: fc.nat(2),
  });
  return made.map((m) => {
    const columns = [...m.columns];
    const next = (attribute: string, kind: string) => ({ attribute, column: columns.shift() as string, kind });
    const [one, two, three, four] = m.kinds as [string, string, string, string];
    const key = [
      next(m.attributes[0] as string, one),
      ...(m.composite ? [next(m.attributes[1] as string, 'integer')] : []),
    ];
    return {
      // The other is refused: test/models/definitionErrors.
      model: names[n * 4] === '__proto__' ? 'the model' : (names[n * 4] as string),
      schema: m.schema,
      table: names[n * 4 + 1] as string,
      rung: m.rung,
      engine: m.engine,
      versioned: m.versioned,
      key,
      code: next(m.attributes[2] as string, two),
      others: [next(m.attributes[3] as string, three), next(m.attributes[4] as string, four)],
      columns: m.named
        ? {
            createdAt: columns.shift() as string,
            updatedAt: columns.shift() as string,
            deletedAt: columns.shift() as string,
          }
        : undefined,
      deletion: m.named ? columns.shift() : undefined,
      unique: m.unique ? (names[n * 4 + 2] as string) : undefined,
      triggers: names.slice(n * 4 + 3, n * 4 + 3 + m.triggers),
    };
  });
};

const link = (n: number, tables: number, name: string): fc.Arbitrary<LinkSpec> =>
  fc.record({
    child: fc.nat(tables - 1),
    parent: fc.nat(tables - 1),
    attribute: fc.constant(`link${n}`),
    column: fc.constant(name),
    toCode: fc.boolean(),
    onDelete: fc.constantFrom(
      'CASCADE' as const,
      'CASCADE' as const,
      'RESTRICT' as const,
      'NO ACTION' as const,
      'SET NULL' as const,
    ),
    policy: fc.option(fc.constantFrom('cascade' as const, 'restrict' as const, 'keep' as const), {
      nil: undefined,
      freq: 4,
    }),
    constraint: fc.constant(name),
    to: fc.array(fc.nat(ROWS), { minLength: ROWS, maxLength: ROWS }),
  });

/** A whole world: schemas, tables, keys between them, and what the models ask for. */
export const world: fc.Arbitrary<WorldSpec> = fc.boolean().chain((orm) =>
  fc
    .tuple(
      fc.uniqueArray(identifier(orm), { minLength: POOL, maxLength: POOL }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(4),
    )
    .chain(([names, tables, links]) => {
      const [schemas, linked, free] = [names.slice(0, 2), names.slice(2, 6), names.slice(6, 33)];
      return fc.record({
        orm: fc.constant(orm),
        tables: fc.tuple(...Array.from({ length: tables }, (_, n) => table(n, free, schemas, orm))),
        links: fc.tuple(...Array.from({ length: links }, (_, n) => link(n, tables, linked[n] as string))),
        spare: fc.constant(names[33] as string),
      });
    }),
);
