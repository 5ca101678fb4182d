import { expect } from 'chai';
import { model, useGuitarists } from './guitarists';

describe('guitars answers alone, and not to a slip of the pen', () => {
  const { app } = useGuitarists();

  it('what the application prints goes to standard error, whatever it prints with', async () => {
    const prints = ['log', 'info', 'debug', 'dir', 'table'].map((name) => `console.${name}('by ${name}');`).join('\n');
    app.models(`${model('Song')}
${prints}
process.stdout.write('by stdout\\n');
sequelize.addHook('beforeConnect', () => process.stdout.write(Buffer.from('by hook\\n'), () => {}));
process.on('exit', () => console.dir('by exit'));`);
    for (const [args, code] of [
      [['ls', '--json'], 1],
      [['graph', '--json'], 0],
      [['install', '--json'], 0],
    ] as const) {
      const run = await app.guitars(...args);
      expect([run.code, run.err], run.err).to.deep.equal([code, run.err]);
      expect(() => JSON.parse(run.out), run.out).not.to.throw();
      for (const name of ['log', 'info', 'debug', 'dir', 'table', 'stdout', 'exit'])
        expect(run.err).to.include(`by ${name}`);
    }
  });

  it('a name that means nothing: 2, and the name', async () => {
    app.models(model('Song'));
    for (const verb of ['ls', 'install', 'uninstall', 'enable', 'disable', 'prune']) {
      const { code, out, err } = await app.guitars(verb, '--name', 'guitars_stamp', '--name', 'guitars_stomp');
      expect([code, out, err], verb).to.deep.equal([
        2,
        '',
        'guitars: There is no enforced object called "guitars_stomp". See what there is: guitars ls.\n',
      ]);
    }
    const pattern = await app.guitars('ls', '--json', '--model', 'Song', '--kind', 'rule', '--name', 'guitars_st*p');
    expect([pattern.code, pattern.out]).to.deep.equal([2, '']);
    expect(pattern.err).to.match(/There is no rule of Song called "guitars_st\*p"/);
  });

  it('a name of what is there, or could be, does not', async () => {
    expect((await app.guitars('uninstall', '--kind', 'rule', '--name', 'guitars_*', '--yes')).code).to.equal(0);
    const again = await app.guitars('uninstall', '--name', 'guitars_soft_delete', '--yes');
    expect([again.code, again.out]).to.deep.equal([0, 'Nothing to do: none of it is installed.\n']);
  });
});
