import { inside, within } from '../internals';

/** The times as they are: Sequelize puts new ones into memory before it sends anything. */
export function timesOf(instance: object): Map<string, unknown> {
  const { _timestampAttributes = {} } = inside(instance.constructor);
  const names = [_timestampAttributes.createdAt, _timestampAttributes.updatedAt].filter((name) => name !== undefined);
  return new Map(names.map((name) => [name, within(instance).dataValues[name]]));
}

/** Puts values into memory as they were; what was not there goes. */
export function putBack(instance: object, values: ReadonlyMap<string, unknown>): void {
  const { dataValues } = within(instance);
  for (const [name, value] of values) {
    if (value === undefined) delete dataValues[name];
    else dataValues[name] = value;
  }
}
