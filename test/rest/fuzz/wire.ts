import net from 'node:net';
import type { Sent } from './request';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer takes longer than anything that is asked for may take. */
const HUNG = 10_000;

/**
 * Sends bytes, and answers all that came back until the server closed the connection.
 *
 * @throws Error the server does not close it
 */
export function exchange(port: number, { bytes, methods, isCut }: Sent): Promise<Answer[]> {
  return new Promise((done, failed) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(bytes, () => isCut && socket.destroy());
    });
    const hung = () => {
      socket.destroy();
      failed(new Error(`The request is not answered within ${HUNG / 1000} s.`));
    };
    const timer = setTimeout(hung, HUNG);
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that has refused a body may close before it has read the whole of it.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      try {
        done(answersIn(Buffer.concat(chunks), methods));
      } catch (error) {
        failed(error);
      }
    });
  });
}

function answersIn(bytes: Buffer, methods: readonly string[]): Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) throw new Error(`No answer: ${bytes.subarray(at, at + 200).toString('latin1')}`);
    const [line = '', ...lines] = bytes.subarray(at, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]);
    const headers = Object.fromEntries(
      lines.map((each) => each.split(/: */, 2) as [string, string]).map(([name, value]) => [name.toLowerCase(), value]),
    );
    at = end + 4;
    if (status === 100) continue;
    const isBare = status === 204 || status === 304 || methods[answers.length] === 'HEAD';
    if (headers['transfer-encoding']) throw new Error('An answer is in chunks, and of no length.');
    const length = isBare ? 0 : Number(headers['content-length'] ?? bytes.length - at);
    if (at + length > bytes.length) throw new Error('An answer is cut off.');
    answers.push({ status, headers, body: bytes.subarray(at, at + length).toString() });
    at += length;
  }
  return answers;
}
