import { type InitOptions, Op } from 'sequelize';
import { DefinitionError } from '../errors';
import type { ResolvedOptions } from './options';

/** The named scopes that a soft-deletable model has. */
export const SCOPES = ['live', 'archives', 'all'] as const;

/** Adds our scopes to a model's own. */
export function withScopes<O extends InitOptions>(name: string, options: O, guitar: ResolvedOptions): O {
  for (const scope of SCOPES) {
    if (options.scopes && scope in options.scopes && !isOurs(options.scopes[scope])) {
      throw new DefinitionError(
        `${name}: the scope "${scope}" is taken by sequelize-guitars. Give yours another name.`,
      );
    }
  }
  const { deletedAt } = guitar.attributes;
  const ours = {
    live: { where: { [deletedAt]: null } },
    archives: { where: { [deletedAt]: { [Op.ne]: null } }, paranoid: false },
    all: { paranoid: false },
  };
  for (const scope of Object.values(ours)) Object.defineProperty(scope, OURS, { value: true });
  return { ...options, scopes: { ...options.scopes, ...ours } };
}

const OURS = Symbol.for('sequelize-guitars.scope');
const isOurs = (scope: unknown) => typeof scope === 'object' && scope !== null && OURS in scope;
