import { DefinitionError } from '../../errors';
import { literal } from '../../sql/identifiers';
import type { Condition } from '../conditions/condition';
import { REFUSED } from '../errors';
import { del, type Operation, truncate, update } from '../operations';
import { Trigger } from '../trigger';
import { type Common, common } from './options';
import { refuse } from './refuse';

/** Options of {@link protect}. */
export interface ProtectOptions extends Common {
  /** What is refused. Default: `del`. */
  readonly operation?: Operation | readonly Operation[];
  /** Rows of which it holds are protected. Default: all. */
  readonly condition?: Condition;
  /** Is TRUNCATE refused as well, whatever the rows? Default: where `del` is. */
  readonly truncate?: boolean;
}

/**
 * Refuses an operation with a {@link ProtectedError}. Rows that go by TRUNCATE go as well: where DELETE is refused, so is
 * that. A soft delete is an UPDATE.
 *
 * @throws DefinitionError there is an option that it does not know, or nothing to refuse
 * @example protect({ operation: del, condition: when({ old: { status: 'paid' } }) })
 */
export function protect(options: ProtectOptions = {}): Trigger[] {
  const about = common('protect', options, ['operation', 'condition', 'truncate']);
  return protecting('protect', about, options);
}

/**
 * Rows may be added; they may not be changed nor removed.
 *
 * @example Ledger.init(attributes, { sequelize, triggers: [appendOnly()] });
 */
export function appendOnly(options: Common = {}): Trigger[] {
  return protecting('appendOnly', common('appendOnly', options, []), { operation: [update, del] });
}

function protecting(kind: string, about: Common & { name: string }, options: ProtectOptions): Trigger[] {
  const operations = [options.operation ?? del].flat() as Operation[];
  const rows = operations.filter(({ event }) => event !== 'TRUNCATE');
  const truncates = options.truncate ?? operations.some(({ event }) => event === 'DELETE' || event === 'TRUNCATE');
  if (rows.length === 0 && !truncates)
    throw new DefinitionError(`${kind}() has nothing to refuse. Name an operation, as del.`);
  const body = refuse({
    code: REFUSED.protected,
    name: about.name,
    message: `pg_catalog.format('%s on table "%s" is refused by "%s"', TG_OP, TG_TABLE_NAME, ${quotedName(about.name)})`,
    hint: `Leave the row as it is, or do it within ignoreTriggers(), if that is meant`,
  });
  const recipe = { kind, of: about.name };
  return [
    ...(rows.length > 0
      ? [new Trigger({ ...about, when: 'before', operation: rows, condition: options.condition, body }, recipe)]
      : []),
    ...(truncates
      ? [
          new Trigger(
            { ...about, name: `${about.name} truncate`, when: 'before', operation: truncate, level: 'statement', body },
            recipe,
          ),
        ]
      : []),
  ];
}

const quotedName = (name: string) => literal(name).trim();
