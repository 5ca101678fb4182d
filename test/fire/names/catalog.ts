import type pg from 'pg';

/** All that the catalog tells of what is not PostgreSQL's own, a line each, sorted. */
const CATALOG = `
WITH own AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
  relations AS (SELECT c.* FROM pg_class AS c JOIN own ON own.oid = relnamespace WHERE relname <> 'guitars_migrations' AND relname <> 'guitars_migrations_pkey')
SELECT 'schema' AS kind, nspname::text AS place, '' AS name, '' AS what FROM own
UNION ALL SELECT 'relation ' || relkind::text, oid::regclass::text, '', '' FROM relations WHERE relkind NOT IN ('i', 'I')
UNION ALL SELECT 'column', r.oid::regclass::text, attname, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid))
  FROM relations AS r JOIN pg_attribute AS a ON attrelid = r.oid LEFT JOIN pg_attrdef AS d ON adrelid = r.oid AND adnum = attnum
  WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v')
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(c.oid) FROM pg_constraint AS c JOIN relations AS r ON r.oid = conrelid WHERE contype <> 't' AND contype <> 'n'
UNION ALL SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN relations AS r ON r.oid = indrelid
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid) FROM pg_trigger AS t JOIN relations AS r ON r.oid = tgrelid WHERE NOT tgisinternal
UNION ALL SELECT 'rule', ev_class::regclass::text, rulename, pg_get_ruledef(w.oid) FROM pg_rewrite AS w JOIN relations AS r ON r.oid = ev_class
UNION ALL SELECT 'function', p.oid::regprocedure::text, '', md5(prosrc) FROM pg_proc AS p JOIN own ON own.oid = pronamespace LEFT JOIN pg_depend AS d ON d.objid = p.oid AND deptype = 'e' WHERE d.objid IS NULL
UNION ALL SELECT 'type', t.oid::regtype::text, '', typtype::text FROM pg_type AS t JOIN own ON own.oid = typnamespace WHERE typtype IN ('e', 'd')`;

/** A thing of the catalog. */
export interface Thing {
  readonly kind: string;
  /** The schema, relation, function or type. */
  readonly place: string;
  readonly name: string;
  readonly what: string;
}

/** What the catalog holds by now, in an order. */
export async function catalog(client: pg.Client): Promise<Thing[]> {
  const { rows } = await client.query<Thing>(
    `SELECT * FROM (${CATALOG}) AS things ORDER BY kind COLLATE "C", place COLLATE "C", name COLLATE "C", what COLLATE "C"`,
  );
  return rows;
}

const told = ({ kind, place, name, what }: Thing) => [kind, place, name, what].join(' | ');

/** What one has and the other has not. */
export function difference(before: readonly Thing[], after: readonly Thing[]): { lost: string[]; gained: Thing[] } {
  const [one, other] = [new Set(before.map(told)), new Set(after.map(told))];
  return {
    lost: [...one].filter((each) => !other.has(each)),
    gained: after.filter((thing) => !one.has(told(thing))),
  };
}
