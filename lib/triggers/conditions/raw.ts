import { type Piece, stitched } from '../template';
import { Condition } from './condition';
import { enclosed } from './enclosed';

/**
 * A condition in SQL. Where it is NULL it does not hold.
 *
 * @example raw`${fresh('price')} % 100 = ${0}`
 */
export function raw(sql: string | TemplateStringsArray, ...pieces: Piece[]): Condition {
  const render = typeof sql === 'string' ? () => sql : stitched(sql.raw, pieces);
  return new Condition((scope) => `coalesce(${enclosed(render(scope))}, false)`);
}
