import type { Model } from 'sequelize';

/** Makes what the database holds the value and the last known state of an attribute, so that it is not dirty. */
export function settle(instance: Model, name: string, value: unknown = instance.getDataValue(name as never)): void {
  const { dataValues, _previousDataValues } = instance as unknown as Record<string, Record<string, unknown>>;
  if (!dataValues || !_previousDataValues || value === undefined) return;
  dataValues[name] = value;
  _previousDataValues[name] = value;
  instance.changed(name as never, false);
}
