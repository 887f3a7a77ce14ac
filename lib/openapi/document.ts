import { stringify } from 'yaml'
import * as z from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { $Problem } from './answers.ts'
import { ROUTES, type Route } from './routes.ts'

const SIGNED_PROBLEMS = [403, 500]
const WORDS: Readonly<Record<number, string>> = {
  200: 'Done',
  202: 'Taken; it goes on by itself',
  400: 'The call does not fit',
  403: 'Refused',
  404: 'Not there, or not yours to see',
  409: 'Not in the state it is in',
  413: 'The body is too large',
  422: 'Not possible yet',
  500: 'Something broke',
  503: 'The workflow is not available',
}

/** The OpenAPI 3.1 document, from the schemas the functions parse with. */
export function openApiYaml(): string {
  const paths: Record<string, Record<string, unknown>> = {}
  const schemas: Record<string, unknown> = { Problem: jsonSchema($Problem) }
  for (const [name, route] of Object.entries(ROUTES)) {
    const [method = '', path = ''] = name.split(' ')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, route) }
    if (typeof route.answer === 'object') schemas[route.answer.name] = jsonSchema(route.answer.schema)
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Lapse',
      version: packageJson.version,
      summary: 'Just-in-time IAM elevation for AWS',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{apiId}.execute-api.{region}.amazonaws.com/v1',
        variables: { apiId: { default: 'abc123' }, region: { default: 'us-east-1' } },
      },
    ],
    security: [{ sigv4: [] }],
    paths,
    components: {
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4 for the service execute-api',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
      schemas,
    },
  }
  const head = '# Made by bin/write-openapi.ts from the schemas of lambdas/contract; change those.\n'
  return head + stringify(document, { lineWidth: 120, aliasDuplicateObjects: false })
}

function operation(name: string, { does, isOpen, path, query, idempotencyKey, body, answer, problems }: Route) {
  const problemStatuses = isOpen ? problems : [...new Set([...problems, ...SIGNED_PROBLEMS])].sort()
  const problem = isOpen
    ? { 'text/html': { schema: { type: 'string' } } }
    : { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  const parameters = [
    ...Object.entries(path ?? {}).map(([each, schema]) => parameter('path', each, schema, true)),
    ...Object.entries(query ?? {}).map(([each, schema]) => parameter('query', each, schema, false)),
    ...(idempotencyKey ? [parameter('header', 'Idempotency-Key', idempotencyKey, false)] : []),
  ]
  return {
    operationId: operationId(name),
    summary: does,
    ...(isOpen && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: body.isOptional !== true,
        content: {
          [body.isForm ? 'application/x-www-form-urlencoded' : 'application/json']: { schema: jsonSchema(body.schema) },
        },
      },
    }),
    responses: {
      ...success(answer),
      ...Object.fromEntries(
        problemStatuses.map(status => [String(status), { description: WORDS[status] ?? 'Refused', content: problem }]),
      ),
    },
  }
}

function success(answer: Route['answer']) {
  if (answer === 'page') {
    return { '200': { description: 'A page for people', content: { 'text/html': { schema: { type: 'string' } } } } }
  }
  if (answer === 'redirect') {
    const headers = { Location: { schema: { type: 'string', format: 'uri' } } }
    return { '302': { description: 'A presigned URL of S3; fetch it without a signature', headers } }
  }
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${answer.name}` } } }
  return { [String(answer.status)]: { description: WORDS[answer.status] ?? 'Done', content } }
}

function parameter(place: string, name: string, schema: z.core.$ZodType | 'text', required: boolean) {
  return { name, in: place, required, schema: schema === 'text' ? { type: 'string' } : jsonSchema(schema) }
}

/**
 * What goes over the wire: the input of a schema that transforms. Text that is tidied before it is checked (`$typed`) has its
 * limits on the far side of the pipe; tidying only shortens, so they are told as they are.
 */
function jsonSchema(schema: z.core.$ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ zodSchema: { _zod }, jsonSchema: told }) => {
      if (_zod.def.type === 'pipe' && _zod.def.out._zod.def.type === 'string') {
        Object.assign(told, jsonSchema(_zod.def.out))
      }
    },
  })
  return rest
}

/** `POST /requests/{id}/end` → `postRequestsByIdEnd`. */
function operationId(route: string): string {
  const words = route
    .toLowerCase()
    .replaceAll(/\{(\w+)\}/g, 'by $1')
    .split(/[^a-z]+/)
    .filter(word => word !== '')
  return words.map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('')
}
