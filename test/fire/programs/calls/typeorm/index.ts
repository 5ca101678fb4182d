import { tried } from '../../support/program';
import { type Connection, open } from './connection';
import { deletes } from './deletes';
import { saves } from './saves';

export const typeormCalls = tried<Connection>({
  heading: 'TypeORM',
  open,
  close: (connection) => connection.close(),
  calls: [...deletes, ...saves],
});
