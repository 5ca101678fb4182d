import type { Random } from '../../../support/random';
import { SOFT, TABLES, type Table } from '../graph';
import { type Kind, LEVELS, type Operation, type Plan, type Row, type Step, type Target } from './operation';

/** Keys of a table are 1 … POOL, so that everybody meets everybody. */
export const POOL = 24;
const GROUPS = 8;
const CODES = 10;
const NUMBERS = 4;

/** How often each kind comes, of 100. */
const WEIGHTS: readonly [Kind, number][] = [
  ['archive', 24],
  ['restore', 16],
  ['insert', 18],
  ['link', 12],
  ['edit', 14],
  ['upsert', 8],
  ['hard', 5],
  ['remove', 3],
];

const SAYS: Record<Kind, { sql: readonly string[]; calls: readonly string[] }> = {
  archive: { sql: ['delete', 'delete', 'update', 'using'], calls: ['model', 'model', 'instance'] },
  restore: { sql: ['update'], calls: ['model', 'instance'] },
  insert: { sql: ['raw', 'nothing', 'nothing', 'nothing'], calls: ['model', 'bulk', 'find'] },
  link: { sql: ['raw'], calls: ['model', 'instance'] },
  edit: { sql: ['raw', 'lie', 'forge'], calls: ['model', 'increment'] },
  upsert: { sql: ['key', 'code'], calls: ['model', 'bulk'] },
  hard: { sql: ['raw', 'leave'], calls: ['model', 'force'] },
  remove: { sql: ['raw'], calls: ['model'] },
};

/** What one worker does: the same for the same random numbers, whatever the others do. */
export function choosePlan(random: Random, workers: number, models: boolean): Plan {
  const steps = Array.from({ length: 1 + random.below(4) }, (): Step => {
    const savepoint = random.pick(['none', 'none', 'none', 'release', 'undo'] as const);
    return { operation: chooseOperation(random, models), savepoint };
  });
  return {
    level: random.pick([...LEVELS, 'READ COMMITTED']),
    steps,
    commit: !random.once(8),
    timeout: random.pick([
      ...Array(12).fill(undefined),
      `statement_timeout = ${1 + random.below(8)}`,
      'lock_timeout = 5',
    ]),
    victim: random.once(80) ? random.below(workers) : undefined,
  };
}

export function chooseOperation(random: Random, models: boolean): Operation {
  const kind = weighted(random);
  const table = random.pick(kind === 'remove' ? TABLES.filter(({ engine }) => !engine) : of(kind));
  let how = random.pick(models && random.once(2) ? SAYS[kind].calls : SAYS[kind].sql);
  if (how === 'code' && !table.coded) how = 'key';
  const rows = {
    insert: () => Array.from({ length: random.once(6) ? 3 : 1 }, () => rowOf(random, table)),
    upsert: () => [rowOf(random, table)],
    link: () => [linkOf(random, table)],
    edit: () => [{ n: random.below(GROUPS), value: `v${random.below(1000)}` }],
  }[kind as string];
  const targets = kind === 'insert' || kind === 'upsert' ? [] : targetsOf(random, table, kind);
  return { kind, relation: table.name, how, targets, rows: rows?.() ?? [] };
}

function of(kind: Kind): readonly Table[] {
  if (kind === 'insert') return TABLES;
  return kind === 'link' ? SOFT.filter((table) => linksOf(table).length > 0) : SOFT;
}

function weighted(random: Random): Kind {
  let left = random.below(100);
  for (const [kind, weight] of WEIGHTS) {
    left -= weight;
    if (left < 0) return kind;
  }
  return 'edit';
}

/** One row mostly, sometimes a few, now and then a group of them or all. */
function targetsOf(random: Random, table: Table, kind: Kind): Target[] {
  const scale = random.below(100);
  if (kind !== 'hard' && kind !== 'remove' && scale < 1) return [{}];
  if (scale < 8) return [{ n: random.below(GROUPS) }];
  // Fewer rows are archived than live: who restores has to reach further to find one.
  return Array.from({ length: scale < 20 || kind === 'restore' ? 4 : 1 }, () => keyOf(random, table));
}

function keyOf(random: Random, table: Table): Target {
  if (table.id.length === 1) return { id: 1 + random.below(POOL) };
  return { hall_id: 1 + random.below(POOL / 2), number: 1 + random.below(NUMBERS) };
}

/** A row for a table: three links of four lead somewhere, perhaps to nothing that is there. */
export function rowOf(random: Random, table: Table): Row {
  const links = Object.fromEntries(table.keys.map(({ column }) => [column, linkTo(random)]));
  const wide: Row = table.name === 'ticket' ? { number: random.once(2) ? null : 1 + random.below(NUMBERS) } : {};
  const code: Row = table.coded ? { code: random.once(3) ? null : `c${random.below(CODES)}` } : {};
  const key = keyOf(random, table);
  return { ...links, ...wide, ...key, n: random.below(GROUPS), value: `v${random.below(1000)}`, ...code };
}

/** A row keeps its own key, which tells the observer which row it is. */
const linksOf = ({ keys, id }: Table) => keys.filter(({ column }) => !id.includes(column));

const linkOf = (random: Random, table: Table): Row => ({ [random.pick(linksOf(table)).column]: linkTo(random) });

const linkTo = (random: Random) => (random.once(4) ? null : 1 + random.below(POOL));
