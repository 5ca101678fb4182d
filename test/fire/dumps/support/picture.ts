import { QueryTypes, type Sequelize } from 'sequelize';

/** What there is in a database, by what it is called: of tables a hash of their rows, of the rest its definition. */
export type Picture = ReadonlyMap<string, string>;

const OURS = `(nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public'))`;

/**
 * In a form that is the same in all versions of PostgreSQL: since 15 the triggers that a partition has of its table are no
 * longer internal, and since 17 a partition has its identity.
 */
const OBJECTS = `
  SELECT concat('trigger ', tgname, ' on ', tgrelid::regclass) AS name, concat_ws(' ', tgenabled, pg_get_triggerdef(t.oid)) AS is
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid JOIN pg_namespace AS n ON n.oid = relnamespace WHERE NOT tgisinternal AND tgparentid = 0 AND ${OURS}
  UNION ALL SELECT concat('rule ', rulename, ' on ', ev_class::regclass), concat_ws(' ', ev_enabled, pg_get_ruledef(r.oid))
    FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = ev_class JOIN pg_namespace AS n ON n.oid = relnamespace WHERE ${OURS}
  UNION ALL SELECT concat('function ', p.oid::regprocedure), pg_get_functiondef(p.oid) FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace WHERE ${OURS}
  UNION ALL SELECT concat('constraint ', conname, ' on ', conrelid::regclass), pg_get_constraintdef(k.oid)
    FROM pg_constraint AS k JOIN pg_namespace AS n ON n.oid = connamespace WHERE contype IN ('c', 'f', 'p', 'u', 'x') AND ${OURS}
  UNION ALL SELECT concat('index ', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid) FROM pg_index AS i JOIN pg_class AS c ON c.oid = indexrelid
    JOIN pg_namespace AS n ON n.oid = relnamespace WHERE ${OURS}
  UNION ALL SELECT concat('column ', c.oid::regclass, '.', attname), concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, CASE WHEN NOT relispartition THEN attidentity END, attgenerated, pg_get_expr(adbin, adrelid))
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = attrelid JOIN pg_namespace AS n ON n.oid = relnamespace
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE relkind IN ('r', 'p', 'v') AND attnum > 0 AND NOT attisdropped AND ${OURS}
  UNION ALL SELECT concat('sequence ', c.oid::regclass), concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcycle)
    FROM pg_sequence JOIN pg_class AS c ON c.oid = seqrelid JOIN pg_namespace AS n ON n.oid = relnamespace WHERE ${OURS}
  UNION ALL SELECT concat_ws(' ', 'comment', (f).type, (f).identity), text FROM (
    SELECT pg_identify_object(classoid, objoid, objsubid) AS f, description AS text FROM pg_description WHERE classoid IN
      ('pg_trigger'::regclass, 'pg_rewrite'::regclass, 'pg_class'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass)) AS d
    WHERE text LIKE 'guitars%' OR text LIKE '%sequelize-guitars'`;

/** Who may do what. MAINTAIN, of PostgreSQL 17, is nobody's that an older server knows of. */
const PRIVILEGES = `
  SELECT concat('privileges of function ', p.oid::regprocedure) AS name, who AS is FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace,
    LATERAL (SELECT string_agg(concat_ws(' ', grantee::regrole, privilege_type), ', ' ORDER BY grantee::regrole::text) FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))) AS acl(who) WHERE ${OURS}
  UNION ALL SELECT concat('privileges of ', c.oid::regclass), who FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace,
    LATERAL (SELECT string_agg(concat_ws(' ', grantee::regrole, privilege_type), ', ' ORDER BY grantee::regrole::text, privilege_type)
      FROM aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) WHERE privilege_type <> 'MAINTAIN') AS acl(who)
    WHERE relkind IN ('r', 'p', 'S') AND ${OURS}`;

/** Takes the picture of a database. */
export async function picture(sequelize: Sequelize): Promise<Picture> {
  const found = new Map<string, string>();
  const add = async (sql: string) => {
    for (const { name, is } of await sequelize.query<{ name: string; is: string }>(sql, { type: QueryTypes.SELECT }))
      found.set(name, is);
  };
  await add(OBJECTS);
  await add(PRIVILEGES);
  // Each table by itself: its rows as text, microseconds and all, in an order that no collation changes.
  const tables = await sequelize.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE relkind = 'r' AND ${OURS}`,
    { type: QueryTypes.SELECT },
  );
  const rows = tables.map(
    ({ name }) =>
      `SELECT 'rows of ${name.replaceAll("'", "''")}' AS name, (SELECT concat_ws(' ', count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C"))) FROM ${name} AS t) AS is`,
  );
  if (rows.length > 0) await add(rows.join(' UNION ALL '));
  await add(`SELECT 'value of ' || format('%I.%I', schemaname, sequencename) AS name, coalesce(last_value::text, 'none') AS is
    FROM pg_sequences WHERE schemaname NOT IN ('public')`);
  return found;
}

/** The names of what differs between two pictures, sorted. */
export function differences(one: Picture, other: Picture): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name)).sort();
}

/** How many tables' rows, how many rows, and how many objects a picture holds. */
export function counts(of: Picture): { tables: number; rows: number; objects: number } {
  const tables = [...of].filter(([name]) => name.startsWith('rows of '));
  const rows = tables.reduce((sum, [, is]) => sum + Number(is.split(' ')[0]), 0);
  return { tables: tables.length, rows, objects: of.size - tables.length };
}
