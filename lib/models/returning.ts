import type { SaveOptions } from 'sequelize';

/** Options of a save whose statement returns these columns, too; unless the caller says that nothing shall come back, or all. */
export function returningToo(options: SaveOptions | undefined, columns: readonly string[]): SaveOptions {
  const { returning } = (options ?? {}) as { returning?: boolean | readonly string[] };
  if (typeof returning === 'boolean') return options as SaveOptions;
  return { ...options, returning: [...new Set([...(returning ?? []), ...columns])] } as SaveOptions;
}
