import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { type Project, packedProject } from './packed';

const fixture = (name: string) => fs.readFileSync(path.join(__dirname, 'fixtures', name), 'utf8');

const COMPILERS: [string, object, 'commonjs' | 'module'][] = [
  ['module: nodenext, an ES module', { module: 'nodenext' }, 'module'],
  ['module: nodenext, CommonJS', { module: 'nodenext', experimentalDecorators: true }, 'commonjs'],
  ['module: commonjs', { module: 'commonjs', moduleResolution: 'node10' }, 'commonjs'],
  ['module: esnext, for a bundler', { module: 'esnext', moduleResolution: 'bundler' }, 'module'],
];

describe('the packed package in an empty project', () => {
  let project: Project;

  before(async function () {
    this.timeout(180_000);
    project = await packedProject();
  });

  after(() => project?.remove());

  it('holds what runs and its types, and no tests', () => {
    const { files } = project;
    expect(files).to.include.members([
      'package.json',
      'README.md',
      'LICENSE',
      'dist/lib/index.js',
      'dist/lib/index.d.ts',
    ]);
    expect(
      files.filter((file) => /\.test\.|^(test|bench|examples|lib|docs)\/|dist\/(test|bench|examples)/.test(file)),
    ).to.deep.equal([]);
    expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).to.deep.equal([]);
  });

  it('every path that package.json names is in the tarball', () => {
    const manifest = JSON.parse(
      fs.readFileSync(path.join(project.directory, 'node_modules/sequelize-guitars/package.json'), 'utf8'),
    );
    const named = JSON.stringify([
      manifest.main,
      manifest.types,
      manifest.exports,
      manifest.typesVersions,
      manifest.bin,
    ]);
    const paths = [...named.matchAll(/"(?:\.\/)?(dist\/[^"]+)"/g)].map((match) => match[1]);
    expect(paths).to.include('dist/lib/index.js');
    expect(project.files).to.include.members(paths);
  });

  const runs = (name: string) =>
    describe(name, () => {
      const database = useDatabase();

      it('runs', async () => {
        project.write(name, fixture(name));
        expect(await project.node([name], { APPLICATION_DATABASE: database.url })).to.equal('done\n');
      });
    });

  describe('without Express', () => {
    it('it is not there', () => {
      expect(fs.existsSync(path.join(project.directory, 'node_modules/express'))).to.equal(false);
    });

    runs('commonjs.cjs');
    runs('module.mjs');

    it('sequelize-guitars/express says what is missing, and what to do', async () => {
      for (const code of [`require('sequelize-guitars/express')`, `await import('sequelize-guitars/express')`]) {
        const script = `(async () => { ${code} })().catch((error) => console.log(error.name + ': ' + error.message))`;
        expect(await project.node(['-e', script])).to.equal(
          'DefinitionError: sequelize-guitars/express needs Express, which is not installed. Run: npm i express\n',
        );
      }
    });
  });

  describe('with Express', () => {
    before(async function () {
      this.timeout(180_000);
      await project.install('express', '@types/express');
    });

    runs('rest.cjs');
    runs('rest.mjs');

    for (const [title, options, type] of COMPILERS) {
      describe(`TypeScript, ${title}`, () => {
        const database = useDatabase();

        it('compiles and runs', async function () {
          this.timeout(180_000);
          const compilerOptions = {
            target: 'es2022',
            lib: ['es2022', 'esnext.disposable', 'esnext.decorators'],
            strict: true,
            declaration: true,
            skipLibCheck: true,
            esModuleInterop: true,
            types: ['node'],
            ...options,
          };
          const files = ['application', 'rest'];
          project.write('package.json', JSON.stringify({ private: true, type }));
          project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: files.map((file) => `${file}.ts`) }));
          for (const file of files) project.write(`${file}.ts`, fixture(`${file}.ts.txt`));
          await project.tsc('-p', '.');
          for (const file of files)
            expect(await project.node([`${file}.js`], { APPLICATION_DATABASE: database.url })).to.equal('done\n');
        });
      });
    }
  });
});
