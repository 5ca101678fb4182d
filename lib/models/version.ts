const VERSION = Symbol.for('sequelize-guitars.version');

/** The attribute that counts a row's versions, of a versioned model that is initialised; else undefined. */
export const versionAttributeOf = (model: object): string | undefined => (model as { [VERSION]?: string })[VERSION];

/** Remembers it. */
export function rememberVersion(model: object, attribute: string): void {
  Object.defineProperty(model, VERSION, { value: attribute, configurable: true });
}
