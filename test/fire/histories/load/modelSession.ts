import {
  literal,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
  type WhereOptions,
} from 'sequelize';
import type { SoftDeletableInstance, SoftDeletableStatics } from '../../../../lib';
import type { Models } from '../models';
import { CALLS, type Operation, type Plan, type Row, type Target } from './operation';
import { named, type Session } from './session';
import { statementsFor } from './sql';

/** A session that goes through Sequelize, and through the models where the operation says so. */
export class ModelSession implements Session {
  private transaction: Transaction | undefined;

  constructor(
    private readonly sequelize: Sequelize,
    private readonly models: Models,
  ) {}

  get pid(): number | undefined {
    return (this.transaction as unknown as { connection?: { processID: number } } | undefined)?.connection?.processID;
  }

  async begin({ level, timeout }: Pick<Plan, 'level' | 'timeout'>, op: string): Promise<void> {
    this.transaction = await this.sequelize.transaction({ isolationLevel: level as Transaction.ISOLATION_LEVELS });
    await this.say(`${named(op)}${timeout ? `; SET LOCAL ${timeout}` : ''}`);
  }

  async run(operation: Operation, op: string): Promise<void> {
    await this.say(named(op));
    if (CALLS.includes(operation.how)) await this.call(operation);
    else for (const sql of statementsFor(operation)) await this.say(sql);
  }

  async say(sql: string): Promise<void> {
    await this.sequelize.query(sql, { transaction: this.transaction as Transaction });
  }

  async end(commit: boolean): Promise<void> {
    const transaction = this.transaction;
    this.transaction = undefined;
    await (commit ? transaction?.commit() : transaction?.rollback());
  }

  async open(): Promise<void> {}

  /** The pool makes another connection where one has been given up. */
  async renew(): Promise<void> {
    const transaction = this.transaction as unknown as { forceCleanup(): Promise<void> } | undefined;
    this.transaction = undefined;
    await transaction?.forceCleanup().catch(() => undefined);
  }

  async close(): Promise<void> {}

  private async call({ kind, relation, how, targets, rows }: Operation): Promise<void> {
    const model = this.models[relation] as Soft;
    const transaction = this.transaction as Transaction;
    const where = conditionOf(targets);
    const [row = {}] = rows;
    switch (kind) {
      case 'archive':
      case 'restore': {
        const edge = kind === 'archive' ? 'destroy' : 'restore';
        if (how === 'model') await model[edge]({ where, transaction });
        else await (await model.findOne({ where, transaction, paranoid: kind === 'archive' }))?.[edge]({ transaction });
        return;
      }
      case 'hard':
        if (how === 'model') await model.hardDelete({ where, transaction });
        else await model.destroy({ where, transaction, force: true });
        return;
      case 'remove':
        await model.destroy({ where, transaction });
        return;
      case 'insert':
        if (how === 'bulk') await model.bulkCreate([...rows], { transaction, ignoreDuplicates: true });
        else if (how === 'find') await model.findOrCreate({ where: keyOf(model, row), defaults: row, transaction });
        else await model.create(row, { transaction });
        return;
      case 'upsert':
        if (how === 'bulk') await model.bulkCreate([row], { transaction, updateOnDuplicate: ['n', 'value'] });
        else await model.upsert(row, { transaction });
        return;
      case 'link':
      case 'edit':
        if (how === 'increment') await model.increment('n', { where, transaction });
        else if (how === 'instance') await (await model.findOne({ where, transaction }))?.update(row, { transaction });
        else await model.update(row, { where, transaction });
    }
  }
}

type Soft = ModelStatic<Model & SoftDeletableInstance> & SoftDeletableStatics;

const conditionOf = (targets: readonly Target[]): WhereOptions =>
  targets.some((target) => Object.keys(target).length === 0) ? literal('true') : { [Op.or]: [...targets] };

const keyOf = (model: ModelStatic<Model>, row: Row) =>
  Object.fromEntries(model.primaryKeyAttributes.map((name) => [name, row[name] ?? null]));
