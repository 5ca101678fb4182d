import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { platformPackage } from './binaries';
import { hydrate } from './hydrate';

describe('hydrate', () => {
  let copy: string;

  /** The package as npm unpacks it: without links, and here without executable bits either. */
  before(() => {
    copy = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-hydrate-'));
    fs.cpSync(platformPackage(), copy, { recursive: true, filter: (file) => !fs.lstatSync(file).isSymbolicLink() });
    for (const name of ['initdb', 'postgres']) fs.chmodSync(path.join(copy, 'native', 'bin', name), 0o644);
  });

  after(() => fs.rmSync(copy, { recursive: true, force: true }));

  it('makes the programs of a package run whose postinstall script did not', () => {
    expect(version()).to.equal(undefined);
    expect(hydrate(copy)).to.equal(true);
    expect(version()).to.include('PostgreSQL');
  });

  it('does nothing the second time', () => {
    expect(hydrate(copy)).to.equal(true);
    expect(version()).to.include('PostgreSQL');
  });

  function version(): string | undefined {
    const { status, stdout } = spawnSync(path.join(copy, 'native', 'bin', 'postgres'), ['--version'], {
      encoding: 'utf8',
    });
    return status === 0 ? stdout : undefined;
  }
});
