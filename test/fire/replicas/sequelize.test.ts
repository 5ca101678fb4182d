import { expect } from 'chai';
import { Sequelize } from 'sequelize';
import * as root from '../../../lib';
import * as history from '../../../lib/history';
import * as rest from '../../../lib/rest';
import * as triggers from '../../../lib/triggers';
import { useDatabase } from '../../support/database';
import { CALLS } from './support/calls';
import { defineLibrary, type Library } from './support/models';
import { overheard, replicated, type Sent } from './support/replication';

/** Exported functions that send nothing, or make what sends something when it is called. */
const SILENT = [
  ...[
    'Dated',
    'Dutar',
    'Guitar',
    'HasCachedProperties',
    'Setar',
    'SoftDeletable',
    'Tracked',
    'Updatable',
    'cached',
    'configureGuitars',
  ],
  ...[
    'plan',
    'guitarsMigrations',
    'withoutHooks',
    'Handled',
    'Since',
    'Versioned',
    'Version',
    'currentRevision',
    'modelOfTag',
    'splitHandle',
    'SinceQuery',
  ],
];
const isError = (value: unknown) => value === Error || (value as { prototype?: unknown })?.prototype instanceof Error;

describe('Sequelize’s option replication', () => {
  const db = useDatabase();
  const sent: Sent[] = [];
  let sequelize: Sequelize;
  let dropped: () => Promise<void>;
  let models: Library;

  before(async () => {
    // The replica is a copy of what there was, and takes no writes: who reads there for a write knows too little.
    const first = new Sequelize(db.url, { logging: false });
    const { Shelf } = defineLibrary(first);
    await first.sync();
    await Shelf.create({ name: 'old' });
    await first.close();
    await db.sequelize.close();
    const replica = await db.server.createDatabase(`${db.name}_replica`, db.name);
    const { server } = db;
    dropped = () => server.dropDatabase(replica);
    const url = server.url(replica);
    const owner = new Sequelize(url, { logging: false });
    await owner.query(`ALTER DATABASE "${replica}" SET default_transaction_read_only = on`);
    await owner.close();
    sequelize = new Sequelize(replicated(db.url, url));
    overheard(sequelize, sent);
    models = defineLibrary(sequelize);
    await models.Shelf.count();
  });
  after(async () => {
    await sequelize?.close();
    await dropped?.();
  });

  for (const [name, { reads, run }] of Object.entries(CALLS)) {
    it(`${name}: ${reads ? 'to a replica, or where useMaster says' : 'to the write server alone'}`, async () => {
      const shelf = await models.Shelf.create({ name });
      const book = await models.Book.create({ title: name, shelf_id: shelf.id });
      const before = await models.Shelf.cursor();
      sent.length = 0;
      await run({ sequelize, ...models, shelf, book, before });
      const read = sent.filter(({ to }) => to === 'read').map(({ sql }) => sql);
      if (!reads) return expect(read, 'sent to the replica').to.deep.equal([]);
      expect(read, 'sent to the replica').not.to.deep.equal([]);
      if (reads === 'always') return;
      sent.length = 0;
      await reads({ sequelize, ...models, shelf, book, before });
      expect(
        sent.filter(({ to }) => to === 'read').map(({ sql }) => sql),
        'with useMaster',
      ).to.deep.equal([]);
    });
  }

  it('every exported function is among them', () => {
    const known = new Set(Object.keys(CALLS).map((name) => name.split(/[ ,:(]/)[0] as string));
    for (const [from, exported] of Object.entries({ root, history })) {
      const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function' && !isError(value));
      for (const [name] of functions) {
        if (SILENT.includes(name)) continue;
        expect([...known], `${from}: ${name}`).to.include(name);
      }
    }
    for (const name of ['ignoreTriggers', 'setConstraints']) {
      expect(triggers).to.have.property(name);
      expect([...known]).to.include(name);
    }
    expect(rest).to.have.property('softDeleteRouter');
  });
});
