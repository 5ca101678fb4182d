import { expect } from 'chai';
import { configureGuitars } from '../../lib';
import { useDatabase } from '../support/database';
import { type Block, blocks, guides } from './pages';
import { compiled, programOf } from './program';
import { run } from './run';

/** Not run: the first two are what runs this very test, the third needs the published package. */
const SHELL = ['npm ci && npm run demo', 'npm ci && npm test', 'npm i sequelize-guitars sequelize pg umzug'];

const isAlone = ({ info }: Block) => info === 'no-run';
const together = (page: string) => blocks(page).filter((each) => each.language !== 'sh' && !isAlone(each));

describe('the examples of the documentation', () => {
  const running = guides().filter((page) => together(page).length > 0);

  it('compile', () => {
    const programs = new Map(running.map((page) => [page, programOf(together(page))]));
    for (const page of guides())
      for (const block of blocks(page).filter(isAlone)) programs.set(`${page}.${block.line}`, programOf([block]));
    expect(compiled(programs)).to.deep.equal([]);
  });

  it('are TypeScript, SQL, and the known lines of shell', () => {
    const all = guides().flatMap(blocks);
    expect([...new Set(all.map(({ language }) => language))]).to.have.members(['sh', 'sql', 'ts']);
    for (const { text } of all.filter(({ language }) => language === 'sh'))
      expect(SHELL).to.include.members(text.split('\n').filter((line) => !line.startsWith('npx guitars '))); // commands.test.ts
  });

  for (const page of running) {
    describe(page, () => {
      const database = useDatabase();
      after(() => configureGuitars({}));

      it('runs', async () => {
        // As most applications have it.
        await (await database.client()).query(`ALTER DATABASE "${database.name}" SET search_path TO public`);
        const program = `${programOf(together(page))}\nawait sequelize.close();`;
        await run(program, database.url, await database.client());
      });
    });
  }
});
