import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../../../../lib/rest';

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
export type Json = any;

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly explode?: boolean;
  readonly schema: Json;
}

/** An operation of a document, references resolved but for those of schemas. */
export interface Operation {
  readonly id: string;
  readonly tag: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Json | undefined;
  readonly responses: Readonly<Record<string, Json>>;
}

/** A document as a client reads it: all that the tests know of the application. */
export class Contract {
  readonly operations: readonly Operation[];
  readonly #ajv = addFormats(new Ajv({ strict: false, allErrors: true }));

  constructor(readonly document: OpenApiDocument) {
    for (const name of ['int16', 'int32', 'int64', 'float', 'double', 'decimal']) this.#ajv.addFormat(name, true);
    // As a client has it: what is no JSON is lost.
    const text = JSON.parse(JSON.stringify(document));
    this.#ajv.addSchema({ $id: 'doc.json', ...text });
    this.operations = Object.entries(text.paths).flatMap(([path, verbs]) =>
      Object.entries(verbs as Json).map(([method, told]: [string, Json]) => ({
        id: told.operationId,
        tag: told.tags[0],
        method: method.toUpperCase(),
        path,
        parameters: told.parameters ?? [],
        body: told.requestBody?.content['application/json'].schema,
        responses: Object.fromEntries(
          Object.entries(told.responses).map(([status, each]) => [status, this.resolved(each as Json)]),
        ),
      })),
    );
  }

  /** What a reference refers to. */
  resolved(node: Json): Json {
    if (!node?.$ref) return node;
    return node.$ref
      .slice(2)
      .split('/')
      .reduce((at: Json, name: string) => at[name], this.document);
  }

  /** What is wrong with a value; undefined: nothing. */
  faults(schema: Json, value: unknown): string | undefined {
    const whole = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"doc.json#/components'));
    return this.#ajv.validate(whole, value) ? undefined : this.#ajv.errorsText();
  }
}
