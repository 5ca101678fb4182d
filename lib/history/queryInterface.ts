import type { ModelInternals } from '../models/internals';
import { keptWrites } from './back/queryInterface';
import { pastSelects } from './reading/past/select';

type QueryInterface = ModelInternals['queryInterface'];

const derived = new WeakMap<QueryInterface, QueryInterface>();

/** The query interface of versioned models: Sequelize's, which reads the past, and writes from it. */
export function versionedInterface(base: QueryInterface): QueryInterface {
  const known = derived.get(base);
  if (known) return known;
  const made: QueryInterface = Object.assign(Object.create(base), pastSelects(base), keptWrites(base));
  derived.set(base, made);
  return made;
}
