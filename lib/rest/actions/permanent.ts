import { badParameter } from '../problem/problem';
import type { Parameters } from '../query/parameters';

const YES = ['true', 't', 'y', 'yes', 'on', '1'];
const NO = ['false', 'f', 'n', 'no', 'off', '0', 'null', ''];

/**
 * Is a deletion for good?
 *
 * @throws ProblemError (400) it does not say so, nor the opposite
 */
export function takePermanent(parameters: Parameters): boolean {
  const text = (parameters.take('permanent') ?? '').toLowerCase();
  if (YES.includes(text)) return true;
  if (NO.includes(text)) return false;
  throw badParameter('permanent', 'must be true or false.');
}
