import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { audit, install } from '../../../lib';
import type { PostgresServer } from '../../support/server';
import { figures, LONG } from '../support/form';
import { behaves } from './support/behaviour';
import { open, type Source, serverOf, source } from './support/between';
import { FEW, type Form, MORE } from './support/forms';
import { counts, differences, picture } from './support/picture';
import { lacking, sources, targets } from './support/programs';
import { prepared, restored } from './support/target';

const why = lacking();
/** What the long form comes to. */
const found = { combinations: 0, tables: 0, rows: 0, objects: 0, differences: 0 };

/** The oldest server that pg_dump reads, into the newest; in the long form every one into itself and into each that is newer. */
function pairs(): [string, string][] {
  const all = sources().flatMap((from) =>
    targets()
      .filter((to) => Number(to) >= Number(from))
      .map((to): [string, string] => [from, to]),
  );
  const [first] = all;
  return LONG || !first ? all : [[first[0], targets().at(-1) as string]];
}

describe(`dump and restore${why ? ` (left out: ${why})` : ''}`, () => {
  let scratch: string;
  before(function () {
    if (why) this.skip();
    scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-dumps-'));
  });
  after(() => {
    if (scratch) fs.rmSync(scratch, { recursive: true });
    figures('dumps', { ...found, pairs: pairs().map((pair) => pair.join(' → ')) });
  });

  // Mocha calls a run failed when a file has no test at all.
  if (why) it('what a dump brings back', () => undefined);
  for (const from of [...new Set(pairs().map(([from]) => from))]) {
    describe(`from PostgreSQL ${from}`, () => {
      let world: Source;
      before(async () => {
        world = await source(await serverOf(from));
      });
      after(() => world?.server.stop());

      for (const to of pairs().flatMap(([source, to]) => (source === from ? [to] : []))) {
        describe(`to PostgreSQL ${to}`, () => {
          let server: PostgresServer;
          before(async () => {
            server = to === from ? world.server : await serverOf(to);
          });
          after(() => (to === from ? undefined : server?.stop()));

          // Every form from the oldest into the newest, and within the newest that can be dumped; the others by a few.
          const whole = LONG && to === (from === sources().at(-1) ? from : targets().at(-1));
          for (const form of whole ? [...FEW, ...MORE] : LONG ? FEW : FEW.slice(0, 1))
            it(form.name, () => roundTrip(world, server, form, scratch));
        });
      }
    });
  }
});

async function roundTrip(world: Source, server: PostgresServer, form: Form, scratch: string): Promise<void> {
  const database = await server.createDatabase();
  const sequelize = open(server.url(database));
  try {
    const models = await prepared(sequelize, server, database, form);
    const to = { app: server.url(database), admin: server.url(database, 'admin') };
    form.run(world.url, to, scratch);
    await restored(sequelize, form);
    const after = await picture(sequelize);
    const differing = differences(world.picture, after);
    const expected = differing.filter((name) => form.differs?.some((start) => name.startsWith(start)));
    expect(differing.filter((name) => !expected.includes(name))).to.deep.equal([]);
    if (form.differs && !form.superuser) expect(expected, 'what this form leaves out').not.to.deep.equal([]);
    const { findings } = await audit(sequelize);
    expect(findings.length > 0, JSON.stringify(findings)).to.equal(form.audited === 'some');
    const { installed, retired } = await install(sequelize);
    expect(installed.length > 0).to.equal(form.audited === 'some');
    expect(retired).to.deep.equal([]);
    if (form.name.includes('--no-comments'))
      // Of filtered columns of a history, comments tell what they hold.
      for (const { message } of findings)
        expect(message).to.match(/its comment is lost|the table \w+_history .*secret/);
    if (form.audited) expect((await audit(sequelize)).findings).to.deep.equal([]);
    if (!form.empty) await behaves(sequelize, models, form.onto === 'enforced' ? undefined : world.cursors);
    const { tables, rows, objects } = counts(after);
    found.combinations += 1;
    found.tables += tables;
    found.rows += rows;
    found.objects += objects;
    found.differences += differing.length - expected.length;
  } finally {
    await sequelize.close();
    await server.dropDatabase(database);
  }
}
