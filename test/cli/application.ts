import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestDatabase } from '../support/database';

const ROOT = path.join(__dirname, '../..');
const MAIN = path.join(ROOT, 'lib/cli/main.ts');
const LIB = path.join(ROOT, 'lib');

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
  /** The files of the migrations folder. */
  migrations(): string[];
  /** Writes `models.js`: `body` defines models with `sequelize`, `Model`, `DataTypes` and everything of the package. */
  models(body: string): void;
  guitars(...args: string[]): Promise<Run>;
  /** Starts the command and leaves it running. */
  start(...args: string[]): ReturnType<typeof spawn>;
}

/** Makes the folder before the tests of the surrounding block, with a configuration in CommonJS, and removes it after them. */
export function useApplication(db: TestDatabase): Application {
  let folder = '';
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-cli-')));
    application.write('package.json', '{ "name": "application" }\n');
    application.write('guitars.config.js', `module.exports = { sequelize: './models', schema: 'app' };\n`);
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
    read: (name) => fs.readFileSync(path.join(folder, name), 'utf8'),
    migrations: () =>
      fs.existsSync(path.join(folder, 'migrations')) ? fs.readdirSync(path.join(folder, 'migrations')).sort() : [],
    models(body) {
      const own = (name: string) => JSON.stringify(require.resolve(name, { paths: [ROOT] }));
      application.write(
        'models.js',
        `const { DataTypes, Model, Sequelize } = require(${own('sequelize')});
const { Dated, Dutar, Guitar, Setar, SoftDeletable } = require(${JSON.stringify(LIB)});
const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });
${body}
module.exports = { sequelize };
`,
      );
    },
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
    start: (...args) =>
      spawn(process.execPath, ['-r', require.resolve('tsx/cjs'), MAIN, ...args], {
        cwd: folder,
        env: { ...process.env, DATABASE_URL: db.url, NO_COLOR: '1' },
      }),
  };
  return application;
}
