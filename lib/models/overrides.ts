import { DefinitionError } from '../errors';
import { isMixin, type ModelClass } from './capabilities';

const NAMES = ['destroy', 'restore', 'hardDelete'];

/**
 * Our `destroy` and `restore` are statements of their own and never get to Sequelize's: what an application's base class
 * does in its overrides would silently not happen.
 *
 * @throws DefinitionError a class between Sequelize's Model and the mixin has a `destroy`, `restore` or `hardDelete`
 */
export function refuseOverrides(Base: ModelClass): void {
  for (let level = Base; !isLibrarys(level); level = Object.getPrototypeOf(level) as ModelClass) {
    const found = [
      ...NAMES.filter((name) => Object.hasOwn(level, name)).map((name) => `static ${name}()`),
      ...NAMES.filter((name) => Object.hasOwn(level.prototype, name)).map((name) => `${name}()`),
    ];
    if (found.length === 0) continue;
    throw new DefinitionError(
      `${level.name} overrides ${found.join(' and ')}, which the mixin would pass over. Move it into a class that extends ` +
        `Guitar(…), where super is the library's, or make it a hook: beforeDestroy, beforeBulkDestroy, beforeRestore, …`,
    );
  }
}

/** Sequelize's Model, whichever copy of it, and the one of sequelize-typescript, which alone has an `initialize`. */
function isLibrarys(level: ModelClass): boolean {
  const isRoot = Object.getPrototypeOf(level) === Function.prototype;
  return isRoot || (Object.hasOwn(level, 'initialize') && !isMixin(level));
}
