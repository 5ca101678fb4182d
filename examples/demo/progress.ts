import { Presets, SingleBar } from 'cli-progress';

/** How far a load has come. */
export interface Progress {
  advance(rows: number): void;
  stop(): void;
}

let drawn: SingleBar | undefined;

/** A progress bar on a terminal; a line at the end where the output goes into a file or a pipe. */
export function progress(title: string, total: number): Progress {
  const start = performance.now();
  if (!process.stdout.isTTY) {
    let done = 0;
    const line = () =>
      `   ${title.padEnd(8)} ${done.toLocaleString('en')} of ${total.toLocaleString('en')} rows (${Math.round(performance.now() - start)} ms)\n`;
    return {
      advance: (rows) => {
        done += rows;
      },
      stop: () => process.stdout.write(line()),
    };
  }
  const format = `   ${title.padEnd(8)} {bar} {percentage}% | {value} of {total} rows | {duration_formatted}`;
  // gracefulExit would take the first Ctrl-C for itself and not end the process.
  const bar = new SingleBar({ format, stream: process.stdout, gracefulExit: false }, Presets.shades_classic);
  drawn = bar;
  bar.start(total, 0);
  return {
    advance: (rows) => bar.increment(rows),
    stop: putBack,
  };
}

/** Takes down a bar that is still drawn, which gives the terminal its cursor back. */
export function putBack(): void {
  drawn?.stop();
  drawn = undefined;
}
