import type { Case } from '../harness/case';
import { bulkUpdate } from './bulk-update';
import { bulkUpdateModdatetime } from './bulk-update-moddatetime';
import { cascade, restore } from './cascade';
import { deleteByRule, deleteByTrigger } from './delete';
import { findAll } from './find-all';
import { historyAsOf, historyBulk, historyInsert, historySingle } from './history';
import { insert } from './insert';
import { insertChild } from './insert-child';
import { ormUpdate } from './orm-update';
import { parentUpdate, parentUpdateInAll } from './parent-update';
import { readLive } from './read-live';
import { restDelete, restList } from './rest';
import { statements } from './statements';
import { trackedFind, trackedMemory } from './tracked';
import { composed, ignoreCheck, readOnlyColumns, stateMachine } from './triggers';

/** The table "What it may cost", in its order. */
export const cases: readonly Case[] = [
  bulkUpdate,
  bulkUpdateModdatetime,
  ormUpdate,
  insert,
  insertChild,
  parentUpdate,
  parentUpdateInAll,
  deleteByRule,
  deleteByTrigger,
  cascade,
  restore,
  readLive,
  findAll,
  statements,
  ignoreCheck,
  stateMachine,
  readOnlyColumns,
  composed,
  trackedFind,
  trackedMemory,
  historyBulk,
  historySingle,
  historyInsert,
  historyAsOf,
  restList,
  restDelete,
];
