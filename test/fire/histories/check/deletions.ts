import { EDGES, TABLES } from '../graph';
import type { Check } from './promise';

const CASCADES = EDGES.filter(({ policy }) => policy === 'cascade');

const linksOf = (table: string) =>
  CASCADES.map(
    ({
      child,
      column,
      parent,
    }) => `SELECT c.seq AS child, p.seq AS parent, '${column}' AS by FROM ${table} AS c JOIN ${table} AS p
      ON p.op = c.op AND p.relation = '${parent}' AND p.new -> 'id' = c.new -> '${column}' WHERE c.relation = '${child}'`,
  ).join('\n    UNION ALL ');

const RULED = TABLES.filter(({ engine }) => engine === 'rule').map(({ name }) => `'${name}'`);

/**
 * Did the operation name the row? A DELETE under the rule engine that has waited for somebody's UPDATE goes by the row as
 * it was before (docs/engines.md), and an instance by the key of the row that was found.
 */
const NAMED = `(e.old @> ANY (o.targets) OR (o.how = 'instance' OR o.how IN ('delete', 'using') AND e.relation IN (${RULED.join(', ')})) AND EXISTS (
    SELECT FROM shadow.event AS before WHERE before.relation = e.relation AND before.key = e.key AND before.place < e.place
      AND before.new @> ANY (o.targets)))`;

/**
 * By its key a row is named in all its versions. By another column it may have come to match after the statement looked, and
 * an instance is but one of the rows that were named.
 */
const SURELY = `o.how <> 'instance' AND EXISTS (SELECT FROM unnest(o.targets) AS target WHERE target ?| '{id,number}' AND e.key @> target)`;

/** The edges of a kind, `root` where the operation named the row itself, `sure` where it cannot but have. */
const edges = (edge: string) => `SELECT e.seq, e.relation, e.key, e.op, e.new, e.place,
    o.op IS NOT NULL AND e.relation = o.relation AND o.kind = '${edge}' AND ${NAMED} AS root,
    o.op IS NOT NULL AND e.relation = o.relation AND o.kind = '${edge}' AND ${SURELY} AS sure
  FROM shadow.event AS e LEFT JOIN shadow.op AS o ON o.op = e.op WHERE e.edge = '${edge}'`;

/**
 * What each operation archived and restored, and by which keys the rows of one operation hang together. `reach` says
 * from which named rows each other row was come to; a row that was named itself, by its key, is the root of a deletion of its own.
 */
export const DELETIONS: readonly string[] = [
  'DROP TABLE IF EXISTS pg_temp.archived, pg_temp.archived_by, pg_temp.reach, pg_temp.restored, pg_temp.restored_by',
  `CREATE TEMP TABLE archived AS ${edges('archive')}`,
  'CREATE INDEX ON archived (op, relation)',
  'CREATE UNIQUE INDEX ON archived (seq)',
  'ANALYZE archived',
  `CREATE TEMP TABLE archived_by AS ${linksOf('archived')}`,
  'CREATE INDEX ON archived_by (parent)',
  'ANALYZE archived_by',
  `CREATE TEMP TABLE reach AS WITH RECURSIVE reach AS (
      SELECT seq AS root, seq FROM archived WHERE root
      UNION SELECT reach.root, c.seq FROM reach JOIN archived_by ON parent = reach.seq JOIN archived AS c ON c.seq = child AND NOT c.sure
    ) SELECT * FROM reach`,
  'CREATE INDEX ON reach (seq)',
  'ANALYZE reach',
  // A restored row, with the archiving that it undoes.
  `CREATE TEMP TABLE restored AS SELECT r.*, was.seq AS was FROM (${edges('restore')}) AS r LEFT JOIN LATERAL (
      SELECT seq FROM archived AS a WHERE a.relation = r.relation AND a.key = r.key AND a.place < r.place ORDER BY a.place DESC LIMIT 1
    ) AS was ON true`,
  'CREATE INDEX ON restored (op, relation)',
  'CREATE INDEX ON restored (was)',
  'ANALYZE restored',
  `CREATE TEMP TABLE restored_by AS ${linksOf('restored')}`,
  'CREATE INDEX ON restored_by (parent)',
  'ANALYZE restored_by',
];

const which = (row: string) => `${row}.relation || ' ' || ${row}.key::text || ' by ' || coalesce(${row}.op, 'nobody')`;

/** F2: what was archived was named, or hangs by CASCADE keys on what was. That no more is left is F3. */
const archivedForNothing: Check = {
  promise: 'F2',
  sql: `SELECT ${which('a')} || ': archived with no parent of it' AS broken FROM archived AS a WHERE seq NOT IN (SELECT seq FROM reach)`,
};

/** R1: what was restored was named, or had been archived by the deletion of a row that was. */
const restoredTooMuch: Check = {
  promise: 'R1',
  sql: `WITH RECURSIVE back AS (
      SELECT seq, was FROM restored WHERE root
      UNION SELECT c.seq, c.was FROM back JOIN restored_by ON parent = back.seq JOIN restored AS c ON c.seq = child
        WHERE EXISTS (SELECT FROM reach AS r JOIN reach AS p ON p.root = r.root WHERE r.seq = c.was AND p.seq = back.was)
    )
    SELECT ${which('r')} || ': restored with a row whose deletion had not archived it' AS broken
      FROM restored AS r WHERE seq NOT IN (SELECT seq FROM back)`,
};

/**
 * R1: a row that a deletion archived comes back with its parent, unless it was restored, deleted or linked elsewhere
 * before. One that two deletions of one statement came to went with either of them. The root of a deletion comes back with
 * what hangs on it where it hangs on that in turn: in a cycle.
 */
const restoredTooLittle: Check = {
  promise: 'R1',
  sql: `SELECT ${which('c')} || ': did not come back with its ' || p.relation || ' ' || p.key::text || ' by ' || r.op AS broken
    FROM restored AS r JOIN archived AS p ON p.seq = r.was JOIN archived_by AS l ON l.parent = p.seq
    JOIN archived AS c ON c.seq = l.child
    LEFT JOIN LATERAL (
      SELECT e.edge, e.op FROM shadow.event AS e WHERE e.relation = c.relation AND e.key = c.key AND e.place > c.place
        AND (e.edge IN ('restore', 'delete') OR e.new -> l.by <> e.old -> l.by) ORDER BY e.place LIMIT 1
    ) AS next ON true
    WHERE (SELECT array_agg(root) FROM reach WHERE reach.seq = c.seq) = (SELECT array_agg(root) FROM reach WHERE reach.seq = p.seq)
      AND (SELECT count(*) FROM reach WHERE reach.seq = c.seq) = 1
      AND (next.edge IS NULL OR next.edge = 'restore' AND next.op <> r.op)`,
};

export const deletions: readonly Check[] = [archivedForNothing, restoredTooMuch, restoredTooLittle];
