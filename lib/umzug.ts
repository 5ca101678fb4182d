export { type CreateUmzugOptions, createUmzug, guitarsMigrations, type MigrationContext } from './migrations/umzug';
