import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

/** An answer, its body read. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
  readonly body: any;
}

/** What may be said of a request. */
export interface Asked {
  readonly headers?: Record<string, string>;
  /** Sent as JSON, or as it is where it is text. */
  readonly body?: unknown;
}

/** Serves an application for one `describe` block; the answer asks it. */
export function useServer(application: () => Express) {
  let server: http.Server | undefined;
  before('listen', (done) => {
    server = http.createServer(application()).listen(0, '127.0.0.1', done);
  });
  after('stop listening', (done) => {
    if (!server) return done();
    server.closeAllConnections();
    server.close(() => done());
  });
  const origin = () => `http://127.0.0.1:${((server as http.Server).address() as AddressInfo).port}`;
  const ask = async (method: string, path: string, { headers = {}, body }: Asked = {}): Promise<Reply> => {
    const isText = typeof body === 'string';
    const response = await fetch(origin() + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
  };
  return { origin, ask };
}
