import { DefinitionError } from '../../errors';
import { Fragment, type Scope } from '../fragment';

/**
 * Something that is true or false of a change, never NULL: what SQL does not know counts as false, so that `not` means
 * not.
 */
export class Condition extends Fragment {
  /** Does the render hold without parentheses around it wherever it is put? */
  declare readonly kind: 'condition';
}

/** @throws DefinitionError it is none */
export function conditionOf(value: unknown, where: string): Condition {
  if (value instanceof Condition) return value;
  throw new DefinitionError(`${where} takes conditions, as when({ new: { … } }), anyChange() or raw(\`…\`).`);
}

/** All of them hold. Of none: true. */
export const and = (...conditions: Condition[]) => joined('and', 'AND', 'true', conditions);

/** One of them holds. Of none: false. */
export const or = (...conditions: Condition[]) => joined('or', 'OR', 'false', conditions);

/** It does not hold. */
export function not(condition: Condition): Condition {
  const { render } = conditionOf(condition, 'not()');
  return new Condition((scope) => `(NOT ${render(scope)})`);
}

function joined(name: string, operator: string, empty: string, conditions: readonly Condition[]): Condition {
  for (const each of conditions) conditionOf(each, `${name}()`);
  return new Condition((scope: Scope) =>
    conditions.length === 0 ? empty : `(${conditions.map(({ render }) => render(scope)).join(` ${operator} `)})`,
  );
}
