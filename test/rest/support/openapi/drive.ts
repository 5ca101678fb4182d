import { expect } from 'chai';
import type { Reply, useServer } from '../client';
import type { Contract, Json, Operation, Parameter } from './document';
import { sample } from './sample';

type Ask = ReturnType<typeof useServer>['ask'];

/** What of a request is said, and not made up. */
export interface Said {
  readonly pk?: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Headers that a client would act upon. */
const TOLD = ['location', 'link', 'allow', 'retry-after', 'accept', 'www-authenticate'];

/** Sends requests that a document describes, and compares each answer with it. */
export class Driver {
  /** The statuses that were answered, by operation. */
  readonly seen = new Map<string, Set<number>>();

  constructor(
    readonly contract: Contract,
    readonly ask: Ask,
  ) {}

  /** Sends one, with what is required made up; fails where the answer is not as documented. */
  async send(operation: Operation, { pk, query, headers = {}, body }: Said = {}): Promise<Reply> {
    const required = operation.parameters.filter((each) => each.required);
    const ofQuery = query ?? required.filter((each) => each.in === 'query').flatMap((each) => this.pairs(each));
    const made = required
      .filter((each) => each.in === 'header')
      .map((each) => [each.name, sample(this.contract, each.schema)]);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, name) =>
      name === 'pk' && pk !== undefined ? pk : this.segment(operation, name),
    );
    const text = ofQuery.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
    const sent = body === undefined && operation.body ? sample(this.contract, operation.body) : body;
    const reply = await this.ask(operation.method, text ? `${path}?${text}` : path, {
      headers: { ...Object.fromEntries(made), ...headers },
      ...(sent === undefined ? {} : { body: sent }),
    });
    this.check(operation, reply, `${operation.method} ${path}?${decodeURIComponent(text)} ${JSON.stringify(sent)}`);
    return reply;
  }

  /** A value of a parameter, as it is written in a query. */
  pairs({ name, schema, explode }: Parameter): [string, string][] {
    const value = sample(this.contract, schema);
    if (!Array.isArray(value)) return [[name, String(value)]];
    return explode ? value.map((each) => [name, String(each)]) : [[name, value.join()]];
  }

  /** A parameter of a path, made up. */
  segment({ parameters }: Operation, name: string): string {
    const { schema } = parameters.find((each) => each.in === 'path' && each.name === name) as Parameter;
    return [sample(this.contract, schema)].flat().map(encodeURIComponent).join();
  }

  check({ id, responses }: Operation, { status, headers, body }: Reply, request: string): void {
    const about = `${request} → ${status} ${JSON.stringify(body).slice(0, 500)}`;
    const told = responses[status];
    expect(told, `${about}: the status is not documented`).to.be.an('object');
    this.seen.set(id, (this.seen.get(id) ?? new Set()).add(status));
    for (const [name, { required, schema }] of Object.entries<Json>(told.headers ?? {})) {
      const value = headers.get(name);
      if (required) expect(value, `${about}: ${name}`).to.be.a('string');
      if (value === null) continue;
      const read = schema.type === 'integer' ? Number(value) : value;
      expect(this.contract.faults(schema, read), `${about}: ${name}`).equal(undefined);
    }
    const documented = Object.keys(told.headers ?? {}).map((name) => name.toLowerCase());
    const others = [...headers.keys()].filter(
      // The weak ones are Express's own.
      (name) => TOLD.includes(name) || (name === 'etag' && !headers.get(name)?.startsWith('W/')),
    );
    expect(
      others.filter((name) => !documented.includes(name)),
      `${about}: headers`,
    ).eql([]);
    const [type, media] = Object.entries<Json>(told.content ?? {})[0] ?? [];
    expect(headers.get('content-type')?.split(';')[0] ?? undefined, `${about}: type`).equal(type);
    if (!media) return void expect(body, about).equal('');
    expect(this.contract.faults(media.schema, body), `${about}: the body`).equal(undefined);
    if (status >= 400) expect(body.status, about).equal(status);
  }
}
