import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { ident, literal } from '../../sql/identifiers';
import type { Condition } from '../conditions/condition';
import { attributeOf, Fragment, type Scope } from '../fragment';
import { del, insert, type Operation, update } from '../operations';
import { Trigger } from '../trigger';
import { type Common, common } from './options';

/** Options of {@link notify}. */
export interface NotifyOptions extends Common {
  readonly channel: string;
  /** Default: insert, update and del. */
  readonly operation?: Operation | readonly Operation[];
  readonly condition?: Condition;
  /** Attributes that are sent, beside the key. Default: none. */
  readonly fields?: readonly string[];
}

/**
 * Tells listeners of each row that changes, when the transaction commits:
 * `{ operation, schema, table, key: { … }, old: { … }, new: { … } }`, by attribute. What does not fit into the 8,000
 * bytes of PostgreSQL's message is left out: `{ operation, schema, table, key, truncated: true }`; the key as well, if
 * it alone is too long.
 *
 * @throws DefinitionError the channel's name is empty or longer than 63 bytes; the model has no primary key
 * @example notify({ channel: 'articles', fields: ['title'] })
 */
export function notify(options: NotifyOptions): Trigger {
  const about = common('notify', options, ['channel', 'operation', 'condition', 'fields']);
  const { channel, operation = [insert, update, del], condition, fields = [] } = options;
  if (typeof channel !== 'string' || channel === '' || Buffer.byteLength(channel) > 63) {
    throw new DefinitionError('notify() needs a "channel": a name of 1 to 63 bytes.');
  }
  const body = new Fragment((scope) => {
    const key = inside(scope.model).primaryKeyAttributes;
    const head = `'operation', TG_OP, 'schema', TG_TABLE_SCHEMA, 'table', TG_TABLE_NAME, 'key', changed`;
    return `IF TG_OP OPERATOR(pg_catalog.=) 'DELETE' THEN changed := ${json(scope, key, 'OLD')}; ELSE changed := ${json(scope, key, 'NEW')}; END IF;
IF TG_OP OPERATOR(pg_catalog.<>) 'INSERT' THEN before := ${json(scope, fields, 'OLD')}; END IF;
IF TG_OP OPERATOR(pg_catalog.<>) 'DELETE' THEN after := ${json(scope, fields, 'NEW')}; END IF;
message := pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(${head}))
  OPERATOR(pg_catalog.||) CASE WHEN before IS NULL THEN '{}' ELSE pg_catalog.jsonb_build_object('old', before) END
  OPERATOR(pg_catalog.||) CASE WHEN after IS NULL THEN '{}' ELSE pg_catalog.jsonb_build_object('new', after) END;
IF pg_catalog.octet_length(message::pg_catalog.text) OPERATOR(pg_catalog.>=) 8000 THEN
  message := pg_catalog.jsonb_build_object(${head}, 'truncated', true);
END IF;
IF pg_catalog.octet_length(message::pg_catalog.text) OPERATOR(pg_catalog.>=) 8000 THEN
  message := message OPERATOR(pg_catalog.-) 'key';
END IF;
PERFORM pg_catalog.pg_notify(${literal(channel).trim()}, message::pg_catalog.text);`;
  });
  const declare = new Fragment(
    () => 'changed pg_catalog.jsonb; before pg_catalog.jsonb; after pg_catalog.jsonb; message pg_catalog.jsonb;',
  );
  return new Trigger(
    { ...about, when: 'after', operation, condition, declare, body },
    { kind: 'notify', check: refuseKeyless },
  );
}

function json(scope: Scope, fields: readonly string[], row: string): string {
  const parts = fields.map(
    (name) =>
      `SELECT ${literal(name).trim()}::pg_catalog.text AS name, pg_catalog.to_jsonb(${row}.${identOf(scope, name)}) AS value`,
  );
  if (parts.length === 0) return `'{}'`;
  return `(SELECT pg_catalog.jsonb_object_agg(name, value) FROM (${parts.join(' UNION ALL ')}) AS parts)`;
}

const identOf = (scope: Scope, name: string) => ident(attributeOf(scope, name).column);

function refuseKeyless(model: AnyModel): void {
  if (inside(model).primaryKeyAttributes.length > 0) return;
  throw new DefinitionError(
    `${model.name}: notify() tells of a row by its primary key, and there is none. Declare one.`,
  );
}
