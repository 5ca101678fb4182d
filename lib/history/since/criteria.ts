import { DefinitionError } from '../../errors';
import { can, type ModelClass } from '../../models/capabilities';
import { literal } from '../../sql/identifiers';
import { changedSince } from '../changes/since';
import { VERSION_COLUMN } from '../columns';
import { changedAt, own } from './sql';
import { exactTime } from './time';

type Criterion = (model: ModelClass, given: unknown) => string;

const CRITERIA: Readonly<Record<string, Criterion>> = {
  timestamp: (model, given) => `${changedAt(model)} > ${literal(exactTime(model.name, given))}`,
  version: (model, given) => `${own(model, VERSION_COLUMN)} > ${versionOf(model, given)}`,
  cursor: changedSince,
};

/**
 * SQL: what a row has to meet, a condition each.
 *
 * @throws DefinitionError nothing is given that there is, or what is given is no time, version or cursor
 */
export function conditionsOf(model: ModelClass, criteria: unknown): string[] {
  const refuse = (given: string): never => {
    throw new DefinitionError(
      `${model.name}.since(…): given was ${given}. Say from where on: { timestamp }, a time; { version }, a number, of a ` +
        'Versioned model; { cursor }; or several of these.',
    );
  };
  if (criteria === null || typeof criteria !== 'object') return refuse(shown(criteria));
  const given = Object.entries(criteria).filter(([, value]) => value !== undefined);
  const unknown = Object.keys(criteria).filter((name) => !Object.hasOwn(CRITERIA, name));
  if (given.length === 0 || unknown.length > 0) return refuse(shown(criteria));
  return given.map(([name, value]) => (CRITERIA[name] as Criterion)(model, value));
}

function shown(given: unknown): string {
  if (given === undefined) return 'nothing';
  if (given === null || typeof given !== 'object') return `${String(given).slice(0, 100)}`;
  if (given instanceof Date || Array.isArray(given)) return given instanceof Date ? 'a Date' : 'a list';
  const members = Object.entries(given).map(([name, value]) => (value === undefined ? `${name}: undefined` : name));
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function versionOf(model: ModelClass, given: unknown): number {
  const call = `${model.name}.since({ version: ${String(given).slice(0, 100)} })`;
  if (!can(model, 'versioned')) {
    throw new DefinitionError(
      `${call}: the database counts no versions of it. Apply Versioned(…) before it is initialised, or give a { timestamp }.`,
    );
  }
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return given;
  throw new DefinitionError(`${call}: a version is a whole number, 0 or more.`);
}
