import { styleText } from 'node:util';

const WIDTH = 120;
const SHOWN = 105;
const COLOURS = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

/** Prints what was sent and what came back. */
export class Trace {
  #scenes = 0;

  /** A heading: what is about to be shown. */
  scene(title: string): void {
    this.#scenes += 1;
    print(`\n${style('bold', `${this.#scenes}. ${title}`)}`);
  }

  /** A remark that nothing was sent for. */
  note(text: string): void {
    print(style('dim', `   ${text}`));
  }

  /** What was sent, by whom, and the answer: on one line where it fits. */
  exchange(by: string, sent: string, answer: string, milliseconds?: number): void {
    const head = `   ${by.padEnd(4)} ${sent.replace(/\s+/g, ' ')}`;
    const time = milliseconds === undefined ? '' : ` (${Math.round(milliseconds)} ms)`;
    const tail = `${style('cyan', '→')} ${answer}${style('dim', time)}`;
    const fits = head.length + answer.length + time.length + 4 <= WIDTH;
    print(fits ? `${head}  ${tail}` : `${head}\n        ${tail}`);
  }

  /** A statement that the ORM has sent on behalf of the call above. */
  statement(sql: string): void {
    const line = sql.replace(/^Executing \([^)]*\): /, '').replace(/\s+/g, ' ');
    this.note(`     sends ${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}`);
  }
}

function style(format: 'bold' | 'dim' | 'cyan', text: string): string {
  return COLOURS && text ? styleText(format, text) : text;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
