import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { type ModelStatic, type Model as Row, Sequelize } from 'sequelize';
import { softDeleteRouter } from '../../lib/rest';
import { guitarCities, paranoidCities } from '../tables';

/** What the process that serves is told. */
export interface Served {
  readonly url: string;
  readonly table: string;
  /** By the library's router; by hand, of its model; or by hand, of a paranoid model of Sequelize's. */
  readonly by: 'router' | 'hand on a Guitar model' | 'hand';
}

const PAGE = 25;

/** What one writes oneself, of a model that archives. */
function byHand(model: ModelStatic<Row>): Express {
  const app = express();
  app.get('/cities', async (request, response) => {
    const page = Number(request.query.page ?? 1);
    const { rows, count } = await model.findAndCountAll({ order: ['id'], limit: PAGE, offset: (page - 1) * PAGE });
    response.json({ results: rows, count });
  });
  app.delete('/cities/:id', async (request, response) => {
    const row = await model.findByPk(request.params.id);
    await row?.destroy();
    response.status(row ? 204 : 404).end();
  });
  return app;
}

/** Serves in a process of its own, as an application is: what one side's code has been compiled for is not the other's. */
function serve({ url, table, by }: Served): void {
  const sequelize = new Sequelize(url, { logging: false, pool: { max: 5 } });
  const world = { sequelize } as never;
  const app =
    by === 'router'
      ? express().use('/cities', softDeleteRouter(guitarCities(world, table), { pageSize: { default: PAGE } }))
      : byHand(by === 'hand' ? paranoidCities(world, table) : guitarCities(world, table));
  const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.once('disconnect', () => process.exit());
}

process.once('message', serve);
