import { City, Country, Region } from './models';
import { progress } from './progress';
import type { World } from './world';

const BATCH = 5000;

/** Loads the world through the models, parents first. */
export async function load({ countries, regions, cities }: World): Promise<void> {
  await inBatches('country', countries, (rows) => Country.bulkCreate(rows, { returning: false }));
  await inBatches('region', regions, (rows) => Region.bulkCreate(rows, { returning: false }));
  await inBatches('city', cities, (rows) => City.bulkCreate(rows, { returning: false }));
}

async function inBatches<Row>(title: string, rows: Row[], create: (batch: Row[]) => Promise<unknown>): Promise<void> {
  const bar = progress(title, rows.length);
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    await create(batch);
    bar.advance(batch.length);
  }
  bar.stop();
}
