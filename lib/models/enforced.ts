import { DataTypes, type ModelAttributes, type SyncOptions } from 'sequelize';
import { syncing, watchSync } from '../enforcement/sync';
import { DefinitionError } from '../errors';
import { withTimes } from './attributes';
import { can, grant, type ModelClass, optionsOf, rememberOptions } from './capabilities';
import {
  type Init,
  type Initialiser,
  redefined,
  refuseUntracked,
  type Undeclared,
  withNativeNames,
} from './initialisers';
import { inside } from './internals';
import { resolveOptions } from './options';
import { withScopes } from './scopes';
import { putLiveUniquesOn, takeUniquesOff } from './uniques';
import { validateOptions } from './validateOptions';

/** The plumbing under Dated and SoftDeletable: takes our columns into the model, whoever initialises it. */
export function Enforced<B extends ModelClass>(Base: B): B {
  if (can(Base, 'enforced')) return Base;
  const base = Base as unknown as Undeclared;
  const Mixed = class extends (Base as ModelClass) {};
  const statics: Record<string, unknown> & ThisType<ModelClass> = {
    init(attributes: ModelAttributes, options: Init) {
      return initialise(this, attributes, options, base.init);
    },
    // sequelize-typescript goes from `initialize` straight to Sequelize's own `init`.
    initialize(attributes: ModelAttributes, options: Init) {
      return initialise(this, attributes, options, base.initialize ?? base.init);
    },
    refreshAttributes() {
      const soft = can(this, 'soft');
      if (soft) takeUniquesOff(this);
      base.refreshAttributes.call(this);
      ownTimes(this);
      if (soft) putLiveUniquesOn(this);
    },
    sync(options?: SyncOptions) {
      return syncing(this, options, () => base.sync.call(this, options));
    },
  };
  redefined(Mixed, statics);
  grant(Mixed, 'enforced');
  return Mixed as unknown as B;
}

function initialise(model: ModelClass, attributes: ModelAttributes, options: Init, init: Initialiser): unknown {
  const name = options.modelName ?? model.name;
  if (!options.sequelize) return init.call(model, attributes, options);
  if (options.sequelize.getDialect() !== 'postgres') {
    throw new DefinitionError(
      `${name}: the dialect is ${options.sequelize.getDialect()}. The rules and triggers of sequelize-guitars need ` +
        'PostgreSQL 14 or later; use { dialect: "postgres" }, or plain Sequelize models elsewhere.',
    );
  }
  if (name === '__proto__') {
    throw new DefinitionError(
      'Sequelize keeps models by their names in a plain object, and would lose one that is called __proto__. ' +
        'Set { modelName } to another name, and { tableName } to that of the table.',
    );
  }
  refuseContradictions(name, model, options);
  refuseUntracked(model, options);
  refuseKeyless(name, attributes);
  if (options.guitar !== undefined) validateOptions(name, options.guitar);
  const named = withNativeNames(options);
  const guitar = resolveOptions(name, named);
  rememberOptions(model, guitar);
  watchSync(options.sequelize);
  const soft = can(model, 'soft');
  const keyed = soft ? withKey(attributes) : attributes;
  const settings = soft
    ? { ...withScopes(name, options, guitar), timestamps: true, paranoid: true, deletedAt: guitar.attributes.deletedAt }
    : { ...options, timestamps: true };
  // Copies: the caller may share its definitions of indexes among models, and ours become partial.
  const indexes = (options.indexes ?? []).map((index) => ({ ...index }));
  const times = { createdAt: false, updatedAt: false, guitar: named, indexes };
  return init.call(model, withTimes(model, keyed, guitar), { ...settings, ...times } as Init);
}

function refuseContradictions(name: string, model: ModelClass, options: Init): void {
  const off = [
    options.timestamps === false && 'timestamps',
    can(model, 'dated') && options.createdAt === false && 'createdAt',
    can(model, 'dated') && options.updatedAt === false && 'updatedAt',
    can(model, 'soft') && options.paranoid === false && 'paranoid',
    can(model, 'soft') && (options.deletedAt as unknown) === false && 'deletedAt',
  ].filter(Boolean);
  if (off.length > 0) {
    throw new DefinitionError(
      `${name}: { ${off.map((key) => `${key}: false`).join(', ')} } takes away what the mixin is for. ` +
        'Remove it, or use a lower rung (Dutar has no times, Setar no soft deletion).',
    );
  }
}

/**
 * Sequelize drops an `id` that it generated itself from a through table and makes the two links its key. Linking again
 * what was unlinked (archived) would then run into that key, so a model that declares none gets an `id` of its own.
 */
function withKey(attributes: ModelAttributes): ModelAttributes {
  if (isKeyed(attributes) || 'id' in attributes) return attributes;
  return { id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true, allowNull: false }, ...attributes };
}

const isKeyed = (attributes: ModelAttributes) =>
  Object.values(attributes).some((definition) => (definition as { primaryKey?: boolean })?.primaryKey);

function refuseKeyless(name: string, attributes: ModelAttributes): void {
  const id = attributes.id as { primaryKey?: boolean } | undefined;
  if (id === undefined || id.primaryKey !== undefined || isKeyed(attributes)) return;
  throw new DefinitionError(
    `${name}: the attribute "id" is not marked as the key, and there is no other. Write { id: { type: …, primaryKey: true } }, ` +
      'or mark the attribute that is the key.',
  );
}

/** The times are the database's: no default in JavaScript, read-only on rows that exist. */
function ownTimes(model: ModelClass): void {
  const guitar = optionsOf(model);
  if (!guitar) return;
  const own = inside(model);
  for (const time of can(model, 'dated') ? (['createdAt', 'updatedAt'] as const) : []) {
    delete own._defaultValues[guitar.attributes[time]];
    own._readOnlyAttributes.add(guitar.attributes[time]);
  }
  own._hasDefaultValues = Object.keys(own._defaultValues).length > 0;
  own._hasReadOnlyAttributes = own._readOnlyAttributes.size > 0;
  // Known to `sync({ alter })`, which drops the columns that it does not know, and to nothing else.
  if (can(model, 'soft')) {
    const field = guitar.deletionColumn;
    own.fieldRawAttributesMap[field] ??= { type: new DataTypes.UUID(), field, fieldName: field, Model: model };
  }
}
