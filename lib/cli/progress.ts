import { Presets, SingleBar } from 'cli-progress';

/** How far something long has come. */
export interface Progress {
  advance(by?: number): void;
  stop(): void;
}

/** A progress bar on a terminal; on a pipe a line every ten seconds. Both on standard error. */
export function progress(title: string, total: number, unit = 'rows'): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) {
    let done = 0;
    const tell = () =>
      stderr.write(`${title}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}\n`);
    const timer = setInterval(tell, 10_000).unref();
    return {
      advance: (by = 1) => {
        done += by;
      },
      stop: () => {
        clearInterval(timer);
        tell();
      },
    };
  }
  const format = `${title} {bar} {percentage}% | {value} of {total} ${unit} | {eta_formatted} left`;
  // gracefulExit would take the first Ctrl-C for itself.
  const bar = new SingleBar(
    { format, stream: stderr, gracefulExit: false, clearOnComplete: false },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { advance: (by = 1) => bar.increment(by), stop: () => bar.stop() };
}
