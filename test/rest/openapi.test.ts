import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import express from 'express';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, Guitar } from '../../lib';
import { openApiDocument, softDeleteRouter } from '../../lib/rest';
import { id } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';
import { Contract, type Operation, type Parameter } from './support/openapi/document';
import { Driver } from './support/openapi/drive';
import { creating, make, succeed } from './support/openapi/rows';
import { sample, wrongText } from './support/openapi/sample';
import { defineWorld } from './support/openapi/world';

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

describe('the OpenAPI document', function () {
  // Each test drives some hundred operations.
  this.timeout(240_000);
  const database = useDatabase();
  let world: ReturnType<typeof defineWorld>;
  let contract: Contract;
  let driver: Driver;
  before(async () => {
    world = defineWorld(database.sequelize);
    await database.sequelize.sync();
    contract = new Contract(world.document());
    driver = new Driver(contract, ask);
  });
  const { ask } = useServer(() => world.serve());

  /** Runs a test for each operation, and tells which it was that failed. */
  async function each(test: (operation: Operation) => Promise<unknown>): Promise<void> {
    for (const operation of contract.operations) {
      await test(operation).catch((error: Error) => {
        error.message = `${operation.id}: ${error.message}`;
        throw error;
      });
    }
  }
  const inQuery = ({ parameters }: Operation) => parameters.filter((one) => one.in === 'query');

  it('is valid', async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(world.document())));
    expect(errors).equal(undefined);
    expect(valid).equal(true);
  });

  it('has each verb of each path once, and names no schema that it does not use', () => {
    const { operations, document } = contract;
    expect(new Set(operations.map((one) => one.id)).size).equal(operations.length);
    expect(operations.length).equal(4 * 13 + 2 * 21);
    const text = JSON.stringify(document);
    for (const kind of ['schemas', 'responses'] as const) {
      for (const name of Object.keys(document.components[kind])) expect(text).contain(`"#/components/${kind}/${name}"`);
    }
  });

  it('has of each operation a success, as it is asked for at the least', () =>
    each(async (operation) => {
      const { status, body } = await succeed(driver, operation);
      expect(status, JSON.stringify(body)).below(300);
    }));

  it('has every parameter, of which each does what it says, and no other', () =>
    each(async (operation) => {
      const required = inQuery(operation).filter((one) => one.required);
      const pairs = required.flatMap((one) => driver.pairs(one));
      for (const one of inQuery(operation)) {
        const others = pairs.filter(([name]) => name !== one.name);
        const { status, body } = await succeed(driver, operation, { query: [...others, ...driver.pairs(one)] });
        const isOff = one.name === 'permanent' && status === 403;
        expect(isOff || status < 300, `${one.name}: ${status} ${JSON.stringify(body)}`).equal(true);
      }
      const pk = operation.path.includes('{pk}') ? await make(driver, operation) : undefined;
      const unknown = await driver.send(operation, { pk, query: [...pairs, ['nosuch', '1']] });
      expect(unknown.status).equal(400);
      const known = /Use one of: (.*)\.$/.exec(unknown.body.detail)?.[1]?.split(', ') ?? [];
      const documented = inQuery(operation).map(({ name }) => name);
      expect(documented.filter((name) => !known.includes(name))).eql([]);
      for (const name of known.filter((one) => !documented.includes(one))) {
        const none = await driver.send(operation, { pk, query: [...pairs, [name, 'x']] });
        expect(none.body.detail, name).match(/It takes none|must be a|has no "x"\. It/);
      }
    }));

  it('says of each parameter what it may not be, and which are required', () =>
    each(async (operation) => {
      const pk = operation.path.includes('{pk}') ? await make(driver, operation) : undefined;
      const send = (query: [string, string][]) => driver.send(operation, { pk, query });
      const required = inQuery(operation).filter((one) => one.required);
      const but = (not: Parameter) => required.filter((one) => one !== not).flatMap((one) => driver.pairs(one));
      for (const one of required) expect((await send(but(one))).status, one.name).equal(400);
      for (const one of inQuery(operation)) {
        const wrong = one.name === 'cursor' ? 'x' : wrongText(contract, one.schema);
        if (wrong === undefined) continue;
        expect((await send([...but(one), [one.name, wrong]])).status, `${one.name}=${wrong}`).equal(400);
      }
      for (const one of operation.parameters.filter((each) => each.in === 'path')) {
        const wrong = wrongText(contract, one.schema);
        if (wrong === undefined || one.name !== 'pk') continue;
        const { status } = await driver.send(operation, { pk: encodeURIComponent(wrong) });
        expect(status, `${one.name}=${wrong}`).equal(400);
      }
    }));

  it('tells of rows that are not there', () =>
    each(async (operation) => {
      if (!operation.path.includes('{pk}')) return;
      const { status } = await driver.send(operation);
      expect(status).equal(404);
    }));

  it('says what a body may be: whole, at the least, and with null for what may be null', () =>
    each(async (operation) => {
      if (!operation.body) return;
      for (const way of [{ whole: true }, { whole: false }, { whole: true, nulls: true }]) {
        const body = sample(contract, operation.body, way);
        const { status, body: reply } = await succeed(driver, operation, { body });
        expect(status, `${JSON.stringify(body)} ${JSON.stringify(reply)}`).below(300);
        if (operation.responses['201']) {
          for (const name of Object.keys(body)) expect(Object.keys(reply)).include(name);
        }
      }
    }));

  it('says what a body may not be: more than it has, less than it needs, no object, no JSON, too long', () =>
    each(async (operation) => {
      const { body: schema } = operation;
      if (!schema) return;
      const pk = operation.path.includes('{pk}') ? await make(driver, operation) : undefined;
      const send = async (body: unknown, headers = {}) => (await driver.send(operation, { pk, body, headers })).status;
      const whole = sample(contract, schema);
      expect(await send({ ...whole, nosuch: 1 })).equal(422);
      const { required = [], properties } = contract.resolved(schema);
      for (const name of required) {
        const { [name]: _left, ...rest } = whole;
        expect(await send(rest), `without ${name}`).equal(422);
        expect(await send({ ...whole, [name]: null }), `${name} is null`).equal(422);
      }
      expect(await send([])).equal(400);
      expect(await send('{')).equal(400);
      expect(await send('a', { 'content-type': 'text/plain' })).equal(415);
      expect(await send(JSON.stringify({ x: 'x'.repeat(200_000) }))).equal(413);
      for (const [name, each] of Object.entries(properties)) {
        const wrong = [5, true, 'no such', { a: [1] }, 'x'.repeat(100), 1e6, null].filter(
          (value) => contract.faults(each, value) !== undefined,
        );
        // What is not refused is at least answered as documented.
        for (const value of wrong) await send({ ...whole, [name]: value });
      }
    }));

  it('tells of rows that were written meanwhile, where it has If-Match', () =>
    each(async (operation) => {
      const header = operation.parameters.find(({ name }) => name === 'If-Match');
      if (!header) return;
      const lost = await succeed(driver, operation, { headers: { 'If-Match': '"other.1"' } });
      expect(lost.status).oneOf([412, 404]);
      expect(driver.seen.get(operation.id)?.has(412)).equal(true);
      if (!header.required) return;
      const created = await driver.send(creating(contract, operation));
      const pk = created.headers.get('location')?.split('/').at(-1) as string;
      const { status } = await ask(operation.method, operation.path.replace('{pk}', pk), {
        ...(operation.body ? { body: sample(contract, operation.body) } : {}),
      });
      expect(status).equal(428);
      expect(operation.responses).to.have.property('428');
    }));

  it('has every property of a row, of those that are included too, and none that is not there', () =>
    each(async (operation) => {
      const schema = contract.resolved(operation.responses['200']?.content?.['application/json']?.schema);
      const row = contract.resolved(schema?.properties?.results?.items ?? schema);
      const include = inQuery(operation).find(({ name }) => name === 'include');
      if (!row?.properties || operation.method !== 'GET' || /versions|diff/.test(operation.path)) return;
      const pairs = inQuery(operation).flatMap((one) => (one.required ? driver.pairs(one) : []));
      const query = [...pairs, ...(include ? [['include', include.schema.items.enum.join()] as const] : [])];
      const { body } = await succeed(driver, operation, { query });
      const found = body.results ? body.results.at(-1) : body;
      if (!found) return;
      expect(Object.keys(found).sort()).eql(Object.keys(row.properties).sort());
    }));

  it('has every verb of its paths: any other is a 405 that allows those', async () => {
    for (const path of new Set(contract.operations.map((one) => one.path))) {
      const operations = contract.operations.filter((one) => one.path === path);
      const verbs = operations.map((one) => one.method);
      const url = path.replaceAll(/\{(\w+)\}/g, (_all, name) => driver.segment(operations[0] as Operation, name));
      for (const verb of VERBS.filter((one) => !verbs.includes(one))) {
        const { status, headers } = await ask(verb, url);
        const allowed = headers
          .get('allow')
          ?.split(', ')
          .filter((one) => VERBS.includes(one));
        expect([status, allowed?.sort()], `${verb} ${path}`).eql([405, [...verbs].sort()]);
      }
    }
  });

  it('has been driven whole: of each operation a success and a failure that it documents', () => {
    for (const { id: name } of contract.operations) {
      const statuses = [...(driver.seen.get(name) ?? [])];
      expect(
        statuses.some((status) => status < 300),
        `${name}: ${statuses}`,
      ).equal(true);
      expect(
        statuses.some((status) => status >= 400),
        `${name}: ${statuses}`,
      ).equal(true);
    }
  });

  it('is refused of what is no such router, and of two of one path, name or schema', () => {
    const router = (name: string) => {
      class Some extends Guitar(Model) {}
      Some.init({ id: id(), text: DataTypes.TEXT }, { sequelize: database.sequelize, modelName: name });
      return softDeleteRouter(Some);
    };
    const of = (...routers: Parameters<typeof openApiDocument>[0]) =>
      openApiDocument(routers, { info: { title: 'x', version: '1' } });
    const [a, b] = [router('Alpha'), router('Beta')];
    expect(() => of(express.Router())).throw(DefinitionError, 'softDeleteRouter');
    expect(() => of(a, a)).throw(DefinitionError, 'path');
    expect(() => of(a, { router: a, path: '/other' })).throw(DefinitionError, 'name');
    expect(() => of(a, { router: b, path: '/alphas' })).throw(DefinitionError, 'path');
    expect(() => of(a, { router: b, path: '/alphas/deleted' })).throw(DefinitionError, '/alphas/deleted');
    expect(() => of(a, { router: b, name: 'AlphaPage' })).throw(DefinitionError, 'AlphaPage');
    expect(() => of({ router: a, name: 'Problem' })).throw(DefinitionError, 'Problem');
    expect(() => of({ router: a, path: 'alphas' })).throw(DefinitionError, 'path');
    expect(Object.keys(of({ router: a, path: '/' }).paths)).include.members(['/', '/deleted', '/{pk}/restore']);
    expect(of(a, { router: a, path: '/other', name: 'Other' }).components.schemas).to.have.property('OtherPage');
  });

  it('says the parameters of the path beneath which a router is mounted', () => {
    class Beneath extends Guitar(Model) {}
    Beneath.init({ id: id() }, { sequelize: database.sequelize });
    const { paths } = openApiDocument([{ router: softDeleteRouter(Beneath), path: '/:tenant/rows' }], {
      info: { title: 'x', version: '1' },
    });
    const tenant = { name: 'tenant', in: 'path', required: true, schema: { type: 'string' } };
    const { get } = paths['/{tenant}/rows/{pk}'] as { get: { parameters: { name: string }[] } };
    expect(get.parameters[0]).eql(tenant);
    expect(get.parameters.map(({ name }) => name)).eql(['tenant', 'pk', 'fields']);
  });

  it('says of types and validations the stricter, in whatever order, and no default of what may stay as it is', () => {
    class Strict extends Guitar(Model) {}
    const validate = { len: [2, 50], notEmpty: true } as never;
    Strict.init(
      {
        id: id(),
        name: { type: DataTypes.STRING(40), allowNull: false, defaultValue: 'xy', validate },
        size: { type: DataTypes.SMALLINT, validate: { min: 1, max: 1e6 } },
        kind: { type: DataTypes.ENUM('a', 'b'), validate: { isIn: [['b', 'c']] } },
        rank: { type: DataTypes.INTEGER, validate: { isIn: [['1', '2']] } },
      },
      { sequelize: database.sequelize },
    );
    const { components } = openApiDocument([softDeleteRouter(Strict)], { info: { title: 'x', version: '1' } });
    const of = (name: string) => (components.schemas[name] as { properties: Record<string, object> }).properties;
    const { name, size, kind, rank } = of('StrictCreate');
    expect(name).include({ minLength: 2, maxLength: 40, default: 'xy' });
    expect(size).include({ minimum: 1, maximum: 32767 });
    expect(kind).to.have.property('enum').eql(['b', null]);
    expect(rank).not.to.have.property('enum');
    expect(of('StrictReplace').name).to.have.property('default');
    expect(of('StrictUpdate').name).not.to.have.property('default');
  });
});
