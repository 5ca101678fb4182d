import fc from 'fast-check';
import { SHAPES } from './shapes';
import { useShapes } from './shapesWorld';

describe('preview: what it says is what happens', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    describe(name, () => {
      const world = useShapes(shape);

      it('for every row of any filling', async () => {
        const links = fc.array(fc.nat(5), { minLength: 80, maxLength: 80 });
        const archived = fc.array(fc.nat(40), { maxLength: 4 });
        await fc.assert(
          fc.asyncProperty(links, archived, async (to, gone) => {
            await world.fill(to, gone);
            for (const row of await world.rows()) await world.compare(row);
          }),
          { numRuns: 3, seed: 3, endOnFailure: true },
        );
      });
    });
  }
});
