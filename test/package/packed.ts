import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const repository = path.resolve(__dirname, '..', '..');
const run = promisify(execFile);

/** An empty project with the packed package and its peers in node_modules. */
export interface Project {
  readonly directory: string;
  /** The files of the tarball, relative to the package. */
  readonly files: readonly string[];
  write(name: string, text: string): void;
  /** Installs packages beside it, in the versions that the repository uses. */
  install(...names: string[]): Promise<void>;
  /** Runs node in the project; answers what it printed. An error carries the output. */
  node(args: string[], env?: NodeJS.ProcessEnv): Promise<string>;
  /** Compiles with the repository's TypeScript. */
  tsc(...args: string[]): Promise<string>;
  remove(): void;
}

/** What an application installs beside the package, and what TypeScript wants. */
const BESIDE = ['sequelize', 'pg', 'pg-hstore', 'umzug', '@types/node', '@types/pg', '@types/validator'];

/** A package in the version that the repository uses. */
function installed(name: string): string {
  const file = path.join(repository, 'node_modules', name, 'package.json');
  return `${name}@${JSON.parse(fs.readFileSync(file, 'utf8')).version}`;
}

/** Packs the package as `npm publish` would, and installs it in an empty project. */
export async function packedProject(): Promise<Project> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-package-'));
  const env = environment();
  const { stdout } = await run('npm', ['pack', '--json', '--loglevel=error', `--pack-destination=${directory}`], {
    cwd: repository,
    env,
    shell: process.platform === 'win32',
  });
  // What the prepack script prints comes before the JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string; files: { path: string }[] }];
  fs.writeFileSync(path.join(directory, 'package.json'), '{ "name": "application", "private": true }\n');
  // What `npm ci` has fetched for the repository is in npm's cache: the network is asked for nothing new.
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const install = async (...packages: string[]) => {
    const shell = process.platform === 'win32';
    await run('npm', ['install', ...options, ...packages], { cwd: directory, env, shell });
  };
  await install(`./${packed.filename}`, ...BESIDE.map(installed));
  return {
    directory,
    files: packed.files.map((file) => file.path),
    install: (...names) => install(...names.map(installed)),
    write: (name, text) => fs.writeFileSync(path.join(directory, name), text),
    node: (args, extra = {}) => output(process.execPath, args, { cwd: directory, env: { ...env, ...extra } }),
    tsc: (...args) =>
      output(process.execPath, [require.resolve('typescript/bin/tsc'), ...args], { cwd: directory, env }),
    remove: () => fs.rmSync(directory, { recursive: true, force: true }),
  };
}

async function output(
  command: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  try {
    return (await run(command, args, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${args.join(' ')}:\n${stdout}${stderr}`);
  }
}

/** Neither the loader nor the coverage of the tests is the application's business. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_V8_COVERAGE, ...env } = process.env;
  return env;
}
