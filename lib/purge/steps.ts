import { type Key, uncuttable } from '../enforcement/preview/keys';
import type { Relation } from '../enforcement/preview/relations';
import type { Hop } from '../enforcement/preview/taken';
import type { TableRef } from '../sql/identifiers';

/** A foreign key that a purge comes to, from a parent `p` to its children `c`. */
export interface Step extends Hop {
  readonly constraint: string;
  readonly action: Key['action'];
  /** The places of the parent and of the child; -1 where rows of the child's table never go. */
  readonly from: number;
  readonly to: number;
  /** Do children that are old enough go along? */
  readonly follows: boolean;
  /** SQL: which children stand in the way of their parent? undefined: none. */
  readonly stops: string | undefined;
  /** SQL: is the parent old enough to go? undefined of a plain table. */
  readonly parentGoes: string | undefined;
  /** SQL: the tableoids of the child. */
  readonly childParts: readonly string[];
  /** Must a child be gone, or be unlinked, when its parent goes? */
  readonly ties: boolean;
  /** Columns that unlink a child when they are NULL. */
  readonly nullable: readonly string[];
  /** The child's table, and why a child stands in the way, for people. */
  readonly ref: TableRef;
  readonly because: string;
}

/**
 * What a purge makes of a key.
 *
 * @param old SQL: is a row of the table old enough to go? undefined of a plain table
 */
export function stepOf(
  key: Key,
  from: number,
  to: number,
  old: (of: Relation, row: string) => string | undefined,
): Step {
  const { constraint, action, holder, target } = key;
  const cuts = action.startsWith('SET');
  const goes = old(holder, 'c');
  const follows = !cuts && (goes !== undefined || action === 'CASCADE');
  const ref = { schema: holder.root.schema, name: holder.root.name };
  const common = { constraint, action, from, to, ref, nullable: key.nullable, childParts: holder.parts };
  const hop = { parent: key.parent, child: key.child, on: key.on, parts: key.parts };
  const itself = target.parts.some((part) => holder.parts.includes(part));
  // A row that refers to itself is not in its own way.
  const other = itself ? '(c.tableoid, c.ctid) IS DISTINCT FROM (p.tableoid, p.ctid)' : 'true';
  const step = {
    ...common,
    ...hop,
    follows,
    parentGoes: old(target, 'p'),
    ties: action !== 'CASCADE' && !key.deferred,
  };
  const refer = `refer to them by ${constraint}`;
  if (cuts) {
    const heir = old(target, 'd');
    const stays = heir ? `NOT ${heir}` : '(d.tableoid, d.ctid) IS DISTINCT FROM (p.tableoid, p.ctid)';
    const fails = uncuttable(key, stays);
    const why = action === 'SET NULL' ? 'sets NULL where it must not be' : 'sets a default that no row has which stays';
    const because = `rows of "${ref.name}" ${refer}, which ${why}`;
    return { ...step, stops: fails && `(${fails}) AND ${other}`, because };
  }
  if (goes)
    return { ...step, stops: `NOT ${goes}`, because: `rows of "${ref.name}" that are live or archived later ${refer}` };
  const because = `rows of the plain table "${ref.name}" ${refer}`;
  return { ...step, stops: action === 'CASCADE' ? undefined : other, because };
}

/** The same where the children could be neither removed first nor unlinked. */
export function stuck(step: Step): Step {
  const because = `rows of "${step.ref.name}" refer to them by ${step.constraint}, and they to those: make its columns nullable`;
  return { ...step, follows: false, ties: false, stops: 'true', because };
}
