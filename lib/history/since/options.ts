import { DefinitionError } from '../../errors';
import type { SinceOptions } from './types';

/** How many rows are fetched at a time. */
const PAGE_SIZE = 1000;

const PASSED = ['transaction', 'logging', 'benchmark', 'useMaster'];
const KNOWN = ['deleted', 'limit', 'pageSize', 'where', ...PASSED];

/** {@link SinceOptions} that were looked at. */
export interface Asked extends Pick<SinceOptions, 'deleted' | 'limit' | 'where'> {
  readonly pageSize: number;
  /** What is passed on to Sequelize. */
  readonly passed: object;
}

/** @throws DefinitionError an option that there is not, or a value that it does not take */
export function optionsOfSince(model: string, given: object | undefined): Asked {
  const options = { ...given } as SinceOptions & Record<string, unknown>;
  const { deleted, limit, pageSize = PAGE_SIZE, where } = options;
  const refuse = (why: string): never => {
    throw new DefinitionError(`${model}.since(…, options): ${why}`);
  };
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown === 'order') refuse('the order is that of the changes, and of the key. Sort the array, or use findAll.');
  if (unknown) refuse(`there is no option "${unknown}". Use: ${KNOWN.join(', ')}; a scope may say the rest.`);
  if (deleted !== undefined && typeof deleted !== 'boolean')
    refuse(`"deleted" is true or false, not ${String(deleted)}.`);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0))
    refuse(`"limit" is a number of rows, not ${String(limit)}.`);
  if (!Number.isSafeInteger(pageSize) || pageSize < 1)
    refuse(`"pageSize" is a number of rows, 1 or more, not ${String(pageSize)}.`);
  const passed = Object.fromEntries(PASSED.filter((name) => name in options).map((name) => [name, options[name]]));
  return { deleted, limit, where, pageSize, passed };
}
