import { type FindOptions, type Model, literal as raw } from 'sequelize';
import { can, type ModelClass, settingsOf } from '../../models/capabilities';
import { versionAttributeOf } from '../../models/version';
import { badParameter } from '../problem/problem';
import type { Settings } from '../settings';
import { type Include, sequelizeInclude } from './includes';
import type { Parameters } from './parameters';
import { columnIn } from './scoped';

/** What of a row is asked for. */
export interface Shape {
  readonly fields: readonly string[];
  readonly includes: readonly Include[];
}

/** @throws ProblemError (400) a field or an association that is not to be had */
export function takeShape({ fields, includes }: Settings, parameters: Parameters): Shape {
  const chosen = namesIn('fields', parameters.take('fields'), fields);
  const added = namesIn('include', parameters.take('include'), [...includes.keys()]) ?? [];
  return { fields: chosen ?? fields, includes: added.map((as) => includes.get(as) as Include) };
}

/** Names with commas between them, all of which are in a list. */
export function namesIn(
  parameter: string,
  text: string | undefined,
  allowed: readonly string[],
): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = [...new Set(text.split(','))];
  for (const name of names) {
    if (allowed.includes(name)) continue;
    const use = allowed.length > 0 ? `Use of: ${allowed.join(', ')}.` : 'It takes none.';
    throw badParameter(parameter, `has no ${JSON.stringify(name.slice(0, 100))}. ${use}`);
  }
  return names;
}

/** The attribute of a query that tells the state of a row, for its entity tag. */
const STATE = 'guitarsState';

/** What a query has to select; without the state where there is no entity tag to be made, as of lists. */
export function selected(
  model: ModelClass,
  { fields, includes }: Shape,
  stateless = false,
): Pick<FindOptions, 'attributes' | 'include'> {
  const { deletedAt } = settingsOf(model).attributes;
  const needs = includes.flatMap((include) => include.needs);
  const state = stateless ? undefined : stateOf(model);
  const names = [...new Set([...model.primaryKeyAttributes, deletedAt, ...fields, ...needs])];
  return {
    attributes: [...names, ...(state ? [[raw(state), STATE] as [ReturnType<typeof raw>, string]] : [])],
    ...(includes.length > 0 ? { include: includes.map(sequelizeInclude) } : {}),
  };
}

/** SQL: what is another after each write. The times in microseconds: two writes may be within one millisecond. */
export function stateOf(model: ModelClass): string | undefined {
  const version = versionAttributeOf(model);
  if (version) return `'v' || ${columnIn(model, version)}`;
  if (!can(model, 'dated')) return undefined;
  return `to_char(extract(epoch FROM ${columnIn(model, settingsOf(model).attributes.updatedAt)}) * 1000000, 'FM9999999999999999999')`;
}

/** The state of a row that was {@link selected}; undefined: its model keeps none. */
export const stateIn = (instance: Model): string | undefined =>
  instance.getDataValue(STATE as never) as string | undefined;
