import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { TestDatabase } from '../support/database';
import { library } from './compiled';

const ROOT = path.join(__dirname, '../..');
const WARM = path.join(__dirname, 'warm.cjs');

/** What a run of the command came to. */
export interface Run {
  code: number | null;
  out: string;
  err: string;
}

/** An application in a folder of its own, whose user types `guitars …` there. */
export interface Application {
  readonly folder: string;
  /** Writes a file, with its folder. */
  write(name: string, text: string): void;
  read(name: string): string;
  remove(name: string): void;
  /** The files of the migrations folder. */
  migrations(): string[];
  /** Writes `models.js`: `body` defines models with `sequelize`, `Model`, `DataTypes` and everything of the package. */
  models(body: string, options?: string): void;
  /** The path of a part of the library, for its models. */
  library(part: string): string;
  guitars(...args: string[]): Promise<Run>;
  /** Starts the command and leaves it running. */
  start(...args: string[]): ChildProcess;
}

/** Makes the folder before the tests of the surrounding block, with a configuration in CommonJS, and removes it after them. */
export function useApplication(db: Pick<TestDatabase, 'url'>): Application {
  let folder = '';
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-cli-')));
    application.write('package.json', '{ "name": "application" }\n');
    application.write('guitars.config.js', `module.exports = { sequelize: './models', schema: 'app' };\n`);
    // What runs an application's TypeScript is the application's.
    application.write('node_modules/tsx/package.json', JSON.stringify({ exports: { './cjs': './cjs.js' } }));
    application.write('node_modules/tsx/cjs.js', `require(${JSON.stringify(require.resolve('tsx/cjs'))});\n`);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const application: Application = {
    get folder() {
      return folder;
    },
    write(name, text) {
      const file = path.join(folder, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    },
    remove: (name) => fs.rmSync(path.join(folder, name)),
    read: (name) => fs.readFileSync(path.join(folder, name), 'utf8'),
    migrations: () =>
      fs.existsSync(path.join(folder, 'migrations')) ? fs.readdirSync(path.join(folder, 'migrations')).sort() : [],
    models(body, options = '') {
      const own = (name: string) => JSON.stringify(require.resolve(name, { paths: [ROOT] }));
      application.write(
        'models.js',
        `const { DataTypes, Model, Sequelize } = require(${own('sequelize')});
const { Dated, Dutar, Guitar, Setar, SoftDeletable } = require(${JSON.stringify(library())});
const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false, ${options} });
${body}
module.exports = { sequelize };
`,
      );
    },
    library: (part) => path.join(library(), part),
    async guitars(...args) {
      const child = application.start(...args);
      const run: Run = { code: null, out: '', err: '' };
      child.stdout?.on('data', (data) => {
        run.out += data;
      });
      child.stderr?.on('data', (data) => {
        run.err += data;
      });
      run.code = await new Promise((resolve) => child.on('close', resolve));
      return run;
    },
    start(...args) {
      const child = warm.shift() ?? fork(WARM, [library()], { silent: true });
      child.ref();
      for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.ref();
      const env = { ...process.env, DATABASE_URL: db.url, NO_COLOR: '1' };
      child.send({ args, cwd: folder, env });
      if (warm.length === 0) warm.push(warmed());
      return child;
    },
  };
  return application;
}

/** The next process: loading takes longer than most commands, and is done while the last one runs. */
const warm: ChildProcess[] = [];

function warmed(): ChildProcess {
  const child = fork(WARM, [library()], { silent: true });
  // It must not keep the tests alive; it goes when they disconnect.
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();
  return child;
}
