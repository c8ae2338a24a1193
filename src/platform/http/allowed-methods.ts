import type { FastifyInstance, HTTPMethods } from 'fastify';

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * The methods that a path does answer, asked of the router itself, for `Allow` (RFC 9110 section 15.5.6).
 *
 * @param url path with or without query
 * @returns none when no route has that path
 */
export function allowedMethods(fastify: FastifyInstance, url: string): readonly string[] {
  const path = url.split('?', 1)[0]!;
  return methods.filter((method) => fastify.findRoute({ method, url: path }) !== null);
}
