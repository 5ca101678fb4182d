import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Model, ModelStatic } from 'sequelize';
import { softDeleteRouter } from '../../../../lib/rest';

/** One request to the routes of a model. */
export async function overHttp(model: ModelStatic<Model>, method: string, path: string, body?: object): Promise<void> {
  const app = express();
  const open = { authorize: () => true, history: true } as const;
  app.use('/', softDeleteRouter(model, open as never));
  const server = app.listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const headers = { connection: 'close', ...(body ? { 'content-type': 'application/json' } : {}) };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  } finally {
    server.close();
  }
}
