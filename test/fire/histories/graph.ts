import type { Engine, SoftDeletePolicy } from '../../../lib';

/** A foreign key of one column. */
export interface Key {
  readonly column: string;
  readonly parent: string;
  readonly action: 'CASCADE' | 'RESTRICT' | 'NO ACTION' | 'SET NULL';
  /** What archiving the parent does, as `docs/soft-deletion.md` says: by the action, unless the models say otherwise. */
  readonly policy: SoftDeletePolicy;
  readonly override: boolean;
}

export interface Table {
  readonly name: string;
  /** A table without an engine is plain: its rows are deleted. */
  readonly engine: Engine | undefined;
  /** The columns of the primary key. */
  readonly id: readonly string[];
  readonly keys: readonly Key[];
  /** Whether it has a column `code` that is unique, among live rows where there are such. */
  readonly coded: boolean;
}

type Link = [parent: string, action: Key['action'], override?: SoftDeletePolicy];

const POLICIES: Record<Key['action'], SoftDeletePolicy> = {
  CASCADE: 'cascade',
  RESTRICT: 'restrict',
  'NO ACTION': 'restrict',
  'SET NULL': 'keep',
};

function table(
  name: string,
  engine: Engine | undefined,
  links: Record<string, Link> = {},
  more: { coded?: boolean; id?: string[] } = {},
): Table {
  const keys = Object.entries(links).map(([column, [parent, action, override]]) => {
    const policy = PLAIN.has(parent) || !engine ? 'keep' : (override ?? POLICIES[action]);
    return { column, parent, action, policy, override: override !== undefined };
  });
  return { name, engine, keys, id: more.id ?? ['id'], coded: more.coded ?? false };
}

const PLAIN = new Set(['owner']);

/** Every shape that keys make, with both engines in each. Parents come first, but where a cycle has none. */
export const TABLES: readonly Table[] = [
  // A chain, with what guards its end and what only refers to it.
  table('country', 'rule', {}, { coded: true }),
  table('region', 'trigger', { country_id: ['country', 'CASCADE'] }),
  table('city', 'rule', { region_id: ['region', 'CASCADE'] }, { coded: true }),
  table('club', 'trigger', { city_id: ['city', 'RESTRICT'] }),
  table('fan', 'rule', { city_id: ['city', 'SET NULL'] }),
  // A diamond, one leaf of which is guarded by one side and archived by the other.
  table('root', 'trigger'),
  table('left_arm', 'rule', { root_id: ['root', 'CASCADE'] }),
  table('right_arm', 'trigger', { root_id: ['root', 'CASCADE'] }),
  table('hand', 'rule', { left_id: ['left_arm', 'CASCADE'], right_id: ['right_arm', 'CASCADE'] }),
  table('glove', 'trigger', { left_id: ['left_arm', 'NO ACTION'], right_id: ['right_arm', 'CASCADE'] }),
  // Self-references, and a cycle through two tables.
  table('employee', 'rule', { boss_id: ['employee', 'CASCADE'] }, { coded: true }),
  table('folder', 'trigger', { parent_id: ['folder', 'CASCADE'] }, { coded: true }),
  table('tree', 'rule', { parent_id: ['tree', 'NO ACTION'] }),
  table('ring_a', 'rule', { b_id: ['ring_b', 'CASCADE'] }),
  table('ring_b', 'trigger', { a_id: ['ring_a', 'CASCADE'] }),
  // Keys of two columns; the ticket's is a key of two columns as well, which Sequelize cannot declare.
  table('hall', 'rule'),
  table('seat', 'trigger', { hall_id: ['hall', 'CASCADE'] }, { id: ['hall_id', 'number'] }),
  table('ticket', 'rule', { hall_id: ['hall', 'NO ACTION'] }),
  // A plain parent, which goes physically, and a plain child.
  table('owner', undefined),
  table('pet', 'rule', { owner_id: ['owner', 'CASCADE'] }),
  table('toy', 'trigger', { pet_id: ['pet', 'CASCADE'], owner_id: ['owner', 'SET NULL'] }),
  table('leash', 'trigger', { pet_id: ['pet', 'SET NULL'], owner_id: ['owner', 'CASCADE'] }),
  table('note', undefined, { pet_id: ['pet', 'CASCADE'] }),
  // Policies that are not those of the keys.
  table('keeper', 'rule'),
  table('kept', 'trigger', { keeper_id: ['keeper', 'CASCADE', 'keep'] }),
  table('bound', 'rule', { keeper_id: ['keeper', 'CASCADE', 'restrict'] }),
  table('taken', 'trigger', { keeper_id: ['keeper', 'SET NULL', 'cascade'] }),
];

/** The key of two columns that the models do not know. */
export const WIDE_KEY = { child: 'ticket', parent: 'seat', columns: ['hall_id', 'number'] } as const;

export const SOFT = TABLES.filter(({ engine }) => engine !== undefined);

export interface Edge extends Key {
  readonly child: string;
}

export const EDGES: readonly Edge[] = TABLES.flatMap(({ name, keys }) => keys.map((key) => ({ ...key, child: name })));

export function tableNamed(name: string): Table {
  const found = TABLES.find((each) => each.name === name);
  if (!found) throw new Error(`There is no table ${name}.`);
  return found;
}
