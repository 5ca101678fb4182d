import { EDGES, SOFT, TABLES } from '../graph';
import type { Check } from './promise';

const soft = SOFT.map(({ name }) => `'${name}'`).join(', ');
const time = (row: string, column: string) => `(${row} ->> '${column}')::timestamptz`;
const which = `relation || ' ' || key::text || ' by ' || coalesce(op, 'nobody')`;

function updates(promise: string, what: string, wrong: string): Check {
  return {
    promise,
    sql: `SELECT ${which} || ': ${what}' AS broken FROM shadow.event WHERE verb = 'UPDATE' AND relation IN (${soft}) AND (${wrong})`,
  };
}

/** T1–T3, by every version that a row has had. `at` is the transaction's time, as the observer read it. */
const times: Check[] = [
  {
    promise: 'T1',
    sql: `SELECT ${which} || ': inserted with another time' AS broken FROM shadow.event WHERE verb = 'INSERT'
      AND relation IN (${soft}) AND (${time('new', '_created_at')} <> at OR ${time('new', '_updated_at')} <> at)`,
  },
  updates('T1', '_created_at has changed', `new ->> '_created_at' IS DISTINCT FROM old ->> '_created_at'`),
  updates('T2', '_updated_at is not the time of the update', `${time('new', '_updated_at')} IS DISTINCT FROM at`),
  updates(
    'T3',
    '_deleted_at is not the time of the soft delete',
    `edge = 'archive' AND ${time('new', '_deleted_at')} <> at`,
  ),
  updates(
    'T3',
    'the time of an archived row has moved',
    `edge = 'update' AND new -> '_deleted_at' <> old -> '_deleted_at'`,
  ),
];

/** D1: the rows that are there are those that were inserted and not deleted, as they were last written. */
const kept: Check[] = TABLES.map(({ name, id }) => ({
  promise: 'D1',
  sql: `WITH last AS (
      SELECT DISTINCT ON (key) key, verb, new FROM shadow.event WHERE relation = '${name}' ORDER BY key, place DESC
    ), now AS (
      SELECT jsonb_build_object(${id.map((column) => `'${column}', ${column}`).join(', ')}) AS key, to_jsonb(t) AS new FROM ${name} AS t
    )
    SELECT '${name} ' || coalesce(now.key, last.key)::text || CASE WHEN now.key IS NULL THEN ' is lost'
        WHEN last.key IS NULL OR last.verb = 'DELETE' THEN ' was never inserted' ELSE ' is not as it was written' END AS broken
      FROM (SELECT * FROM last WHERE verb <> 'DELETE') AS last FULL JOIN now ON now.key = last.key
      WHERE now.new IS DISTINCT FROM last.new`,
}));

/** Every row has its versions in a line: each begins as the one before has ended. */
const line: Check = {
  promise: 'D1',
  sql: `SELECT relation || ' ' || key::text || ': a version that follows upon none' AS broken FROM (
      SELECT relation, key, old, lag(new) OVER (PARTITION BY relation, key ORDER BY place) AS before FROM shadow.event
    ) AS versions WHERE old IS DISTINCT FROM before`,
};

/** D1, D5: a row goes physically through a door that its own transaction has opened, or with a row that does. */
const gone: Check = {
  promise: 'D1',
  sql: `WITH RECURSIVE gone AS MATERIALIZED (
      SELECT e.*, o.op IS NOT NULL AND e.relation = o.relation AND e.old @> ANY (o.targets)
          AND (e.door = 'on' OR e.relation NOT IN (${soft})) AS root
        FROM shadow.event AS e LEFT JOIN shadow.op AS o ON o.op = e.op WHERE e.edge = 'delete'
    ), link AS (
      ${EDGES.filter(({ action }) => action === 'CASCADE')
        .map(
          ({ child, column, parent }) => `SELECT c.seq AS child, p.seq AS parent FROM gone AS c JOIN gone AS p
        ON p.op = c.op AND p.relation = '${parent}' AND p.old -> 'id' = c.old -> '${column}' WHERE c.relation = '${child}'`,
        )
        .join('\n      UNION ALL ')}
    ), reached AS (
      SELECT seq FROM gone WHERE root UNION SELECT child FROM reached JOIN link ON parent = seq
    )
    SELECT ${which} || ': gone without a door' AS broken FROM gone WHERE seq NOT IN (SELECT seq FROM reached)`,
};

const stray: Check = {
  promise: 'D5',
  sql: `SELECT ${which.replaceAll(/\b(relation|op)\b/g, 'e.$1')} || ': the door was open' AS broken FROM shadow.event AS e LEFT JOIN shadow.op AS o ON o.op = e.op
    WHERE e.door = 'on' AND NOT EXISTS (SELECT FROM shadow.op AS h WHERE h.history = o.history AND h.kind = 'hard')`,
};

export const log: readonly Check[] = [...times, ...kept, line, gone, stray];
