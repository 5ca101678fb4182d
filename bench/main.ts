import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { startServer } from '../test/support/server';
import { table } from './report';
import { bench } from './run';

/** `npm run bench -- [--quick] [--only part-of-a-name] [--json FILE] [--rounds]` */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      rounds: { type: 'boolean', default: false },
    },
  });
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const server = await startServer();
  try {
    say(`PostgreSQL ${server.versionNum}, Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model}`);
    const trace = (ratios: Record<string, number[]>) => {
      for (const [name, all] of Object.entries(ratios))
        say(`  ${name}: ${all.map((ratio) => ratio.toFixed(2)).join(' ')}`);
    };
    const { quick, only, json, rounds } = values;
    const results = await bench(server, { quick, only, progress: say, ...(rounds ? { trace } : {}) });
    process.stdout.write(`\n${table(results)}\n`);
    if (json) fs.writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  } finally {
    await server.stop();
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
