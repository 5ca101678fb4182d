import { expect } from 'chai';
import type pg from 'pg';
import { eachEngine } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { PROGRAMS } from './calls';
import { page } from './support/page';
import type { Tried } from './support/program';
import { outcome } from './support/trial';
import { openWorld } from './support/world';

const told = page();

eachEngine('other programs on the same tables', (engine) => {
  const db = useDatabase();
  let client: pg.Client;
  before(async () => {
    client = await openWorld(db, engine);
  });

  for (const program of PROGRAMS) {
    const missing = program.missing?.();
    describe(missing ? `${program.heading}: ${missing}` : program.heading, () => {
      let opened: Awaited<ReturnType<Tried['open']>>;
      before(async function () {
        if (missing) this.skip();
        opened = await program.open(db.url);
      });
      after(() => opened?.close());

      for (const { title, since = 0, ...licence } of program.calls) {
        it(title, async function () {
          if (db.server.versionNum < since * 10000) this.skip();
          const came = await outcome(client, licence, () => opened.run(title));
          expect(came).to.equal(told.get(program.heading)?.get(title)?.[engine]);
        });
      }
    });
  }
});
