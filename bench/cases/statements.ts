import type { Model, ModelStatic } from 'sequelize';
import type { Case } from '../harness/case';
import { guitarCities, paranoidCities, twin } from '../tables';

const ONE = { name: 'One', country: 'AD', feature: 'PPL', admin: '01', longitude: 1, latitude: 42 };

type Options = { logging: () => void };

/** What is counted; `create` comes first, and the others work on what it made. */
const STEPS: Record<string, (model: ModelStatic<Model>, city: Model, options: Options) => Promise<unknown>> = {
  save: (_model, city, options) => city.set('population', 1).save(options),
  'Model.update': (model, _song, options) => model.update({ population: 2 }, { where: { population: 1 }, ...options }),
  destroy: (_model, city, options) => city.destroy(options),
  restore: (_model, city, options) => city.restore(options),
  'Model.destroy': (model, _song, options) => model.destroy({ where: { population: 2 }, ...options }),
};

/** Statements that the ORM sends, against Sequelize's own paranoid model; every call is a peer of its own. */
export const statements: Case = {
  name: 'statements of create / save / destroy',
  target: 1,
  async run(world) {
    const City = guitarCities(world, 'cities');
    await world.sequelize.sync();
    await twin(world, 'plain', 'cities');
    const ours = await counted(City);
    const theirs = await counted(paranoidCities(world, 'plain'));
    const peers = Object.keys(ours).map((call) => [`${call} alone`, (ours[call] ?? NaN) / (theirs[call] ?? NaN)]);
    const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);
    return { ratio: total(ours) / total(theirs), peers: Object.fromEntries(peers) };
  },
};

async function counted(model: ModelStatic<Model>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const counting = (call: string): Options => {
    counts[call] = 0;
    return {
      logging: () => {
        counts[call] = (counts[call] ?? 0) + 1;
      },
    };
  };
  const city = await model.create({ ...ONE }, counting('create'));
  for (const [call, step] of Object.entries(STEPS)) await step(model, city, counting(call));
  return counts;
}
