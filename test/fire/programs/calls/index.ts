import type { Tried } from '../support/program';
import { drizzleCalls } from './drizzle';
import { knexCalls } from './knex';
import { kyselyCalls } from './kysely';
import { psqlCalls } from './psql';
import { sqlCalls } from './sql';
import { typeormCalls } from './typeorm';

/** Every program, in the order of the page. */
export const PROGRAMS: readonly Tried[] = [knexCalls, kyselyCalls, drizzleCalls, typeormCalls, sqlCalls, psqlCalls];
