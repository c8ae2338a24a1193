import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { LooseJson } from './loose-json.js';

/** An OpenAPI document as something to hold answers to. */
export interface Contract {
  /**
   * What an answer has that the document does not say.
   *
   * @param template the path as the document has it, e.g. `/register/{client_id}`
   * @returns nothing for an answer that is as described
   */
  faults(method: string, template: string, response: Response): Promise<readonly string[]>;
  /** Validates against a schema of the document, by the name it has among the components. */
  schema(name: string): ValidateFunction;
}

/** @param document OpenAPI 3.1, every response and header behind a reference */
export function contractOf(document: LooseJson): Contract {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addVocabulary(['x-personal-data', 'components']);
  ajv.addSchema({ components: document.components }, 'document');
  const compile = (pointer: string): ValidateFunction => ajv.compile({ $ref: `document${pointer}` });
  const faultsOf = (pointer: string, value: unknown): string[] => {
    const validate = compile(pointer);
    validate(value);
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${pointer} ${instancePath} ${message}`,
    );
  };

  return {
    schema: (name) => compile(`#/components/schemas/${name}`),
    async faults(method, template, response) {
      const operation = document.paths[template]?.[method.toLowerCase()];
      const reference: string | undefined = operation?.responses[response.status]?.$ref;
      if (reference === undefined) return [`${method} ${template} does not describe ${response.status}`];
      const described = document.components.responses[reference.slice('#/components/responses/'.length)];

      const headers = Object.entries<LooseJson>(described.headers).flatMap(([name, { $ref }]) => {
        const value = response.headers.get(name);
        if (value === null) return [`${response.status} lacks ${name}`];
        const { schema } = document.components.headers[$ref.slice('#/components/headers/'.length)];
        return faultsOf(`${$ref}/schema`, schema.type === 'integer' ? Number(value) : value);
      });
      const text = await response.text();
      if (described.content === undefined) return text === '' ? headers : [...headers, `a body: ${text}`];
      const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
      if (described.content[type] === undefined) return [...headers, `a body of type ${type}`];
      return [...headers, ...faultsOf(described.content[type].schema.$ref, JSON.parse(text))];
    },
  };
}
