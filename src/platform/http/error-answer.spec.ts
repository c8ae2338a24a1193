import {
  BadRequestException,
  ForbiddenException,
  HttpException,
  NotFoundException,
  PayloadTooLargeException,
  UnauthorizedException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { Unavailable } from '../unavailable.js';
import { errorAnswer } from './error-answer.js';
import { oauthErrorBody, problemDetails } from './error-bodies.js';
import { Problem } from './problem.js';

class Resting extends Unavailable {
  constructor() {
    super('canary: the policy rests', 17);
  }
}

const withMembers = (members: object): Error => Object.assign(new Error('canary'), members);

describe('the answer to what was thrown', () => {
  test.each<[string, unknown, number, string]>([
    ['a Nest exception', new BadRequestException('canary'), 400, 'invalid_request'],
    ['no authentication', new UnauthorizedException('canary'), 401, 'invalid_token'],
    ['not allowed', new ForbiddenException('canary'), 403, 'access_denied'],
    ['an unknown path', new NotFoundException('Cannot GET /canary'), 404, 'not_found'],
    ['a body that is too large', new PayloadTooLargeException('canary'), 413, 'payload_too_large'],
    ['another media type', new UnsupportedMediaTypeException('canary'), 415, 'unsupported_media_type'],
    ['a teapot', new HttpException('canary', 418), 418, 'invalid_request'],
    ['a bad gateway', new HttpException('canary', 502), 502, 'server_error'],
    [
      'a Fastify error',
      withMembers({ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }),
      413,
      'payload_too_large',
    ],
    ['a Fastify timeout', withMembers({ code: 'FST_ERR_TIMEOUT', statusCode: 408 }), 408, 'request_timeout'],
    ['a status that is no error', withMembers({ statusCode: 200 }), 500, 'server_error'],
    ['a status that is none', withMembers({ statusCode: '404' }), 500, 'server_error'],
    ['a defect', new TypeError('canary of undefined'), 500, 'server_error'],
    ['a text', 'canary', 500, 'server_error'],
    ['nothing', undefined, 500, 'server_error'],
    ['null', null, 500, 'server_error'],
    ['what is not there now', new Resting(), 503, 'temporarily_unavailable'],
    ['text that PostgreSQL cannot hold', withMembers({ code: '22021' }), 400, 'invalid_request'],
    ['such text through TypeORM', withMembers({ driverError: { code: '22P05' } }), 400, 'invalid_request'],
    ['another value error of the database', withMembers({ code: '22003' }), 500, 'server_error'],
    ['a unique violation', withMembers({ code: '23505' }), 500, 'server_error'],
    ['a broken connection', withMembers({ code: '08006' }), 503, 'temporarily_unavailable'],
    ['too many connections', withMembers({ code: '53300' }), 503, 'temporarily_unavailable'],
    ['a database that shuts down', withMembers({ code: '57P01' }), 503, 'temporarily_unavailable'],
    ['such through TypeORM', withMembers({ driverError: { code: '57P03' } }), 503, 'temporarily_unavailable'],
    ['a lock that was not granted', withMembers({ code: '55P03' }), 503, 'temporarily_unavailable'],
    ['a statement that took too long', withMembers({ code: '57014' }), 503, 'temporarily_unavailable'],
    ['a server that fell silent', new Error('Query read timeout'), 503, 'temporarily_unavailable'],
    ['a refused connection', withMembers({ code: 'ECONNREFUSED' }), 503, 'temporarily_unavailable'],
    ['a name that does not resolve', withMembers({ code: 'ENOTFOUND' }), 503, 'temporarily_unavailable'],
    [
      'a connection that ended',
      new Error('Connection terminated unexpectedly'),
      503,
      'temporarily_unavailable',
    ],
    [
      'a pool without a free connection',
      new Error('timeout exceeded when trying to connect'),
      503,
      'temporarily_unavailable',
    ],
    ['a file that is not there', withMembers({ code: 'ENOENT' }), 500, 'server_error'],
  ])('%s', (_, thrown, status, error) => {
    const answer = errorAnswer(thrown);
    expect(answer).toMatchObject({ status, error, more: {} });
    expect(answer.headers['Retry-After'] !== undefined).toBe(status === 503);
    for (const { body } of [oauthErrorBody(answer), problemDetails(answer)]) {
      expect(JSON.stringify(body)).not.toMatch(/canary|stack|Connection terminated|timeout exceeded/i);
    }
  });

  test('says when to try again', () => {
    expect(errorAnswer(new Resting()).headers).toEqual({ 'Retry-After': '17' });
    expect(errorAnswer(new HttpException('canary', 503)).headers).toEqual({ 'Retry-After': '2' });
  });

  test('is what a problem says, because a problem was written to be read', () => {
    const problem = new Problem(409, 'version_moved', 'the client has moved on', { version: 4 });
    expect(errorAnswer(problem)).toEqual({
      status: 409,
      error: 'version_moved',
      description: 'the client has moved on',
      headers: {},
      more: { version: 4 },
    });
  });
});

describe('the body of an answer', () => {
  const answer = errorAnswer(new Problem(409, 'version_moved', 'the client has moved on', { version: 4 }));

  test('R-71 is OAuth JSON on OAuth paths', () => {
    expect(oauthErrorBody(answer)).toEqual({
      contentType: 'application/json',
      body: { error: 'version_moved', error_description: 'the client has moved on', version: 4 },
    });
  });

  test('is problem details on the admin API (RFC 9457)', () => {
    expect(problemDetails(answer)).toEqual({
      contentType: 'application/problem+json',
      body: {
        type: 'urn:clientele:problem:version_moved',
        title: 'version moved',
        status: 409,
        detail: 'the client has moved on',
        version: 4,
      },
    });
  });

  test('R-70 has one ASCII error and an ASCII description, whatever the status', () => {
    for (let status = 400; status < 600; status++) {
      const body = oauthErrorBody(errorAnswer(new HttpException('canary', status))).body as Record<
        string,
        string
      >;
      expect(Object.keys(body)).toEqual(['error', 'error_description']);
      expect(body['error']).toMatch(/^[a-z_]+$/);
      expect(body['error_description']).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    }
  });
});
