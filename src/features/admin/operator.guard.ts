import { createHash, timingSafeEqual } from 'node:crypto';
import {
  Inject,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operator } from '../../application/admission/operator.js';
import { FailedAuthentications } from '../../application/rate-limits/failed-authentications.js';
import type { Configuration } from '../../platform/config/configuration.js';
import { CONFIGURATION } from '../../platform/config/configuration.token.js';
import { presentedBearer } from '../../platform/http/bearer-token.js';
import { Problem } from '../../platform/http/problem.js';

/** The holder of ADMIN_TOKEN: whoever that is, the token is all that is known of them. */
export const adminTokenHolder: Operator = { id: 'admin-token', method: 'admin_token' };

/** Lets the holder of ADMIN_TOKEN in, and nobody else. */
@Injectable()
export class OperatorGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor(
    @Inject(CONFIGURATION) configuration: Configuration,
    private readonly failures: FailedAuthentications,
  ) {
    this.expected = sha256(configuration.adminToken);
  }

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { headers, ip } = http.getRequest<FastifyRequest>();
    const { authorization } = headers;
    if (this.admits(authorization)) return true;
    this.slowDown(ip, http.getResponse<FastifyReply>());
    http
      .getResponse<FastifyReply>()
      .header('WWW-Authenticate', authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
    throw new UnauthorizedException();
  }

  /** Only after a wrong token: whoever has the right one never waits because of somebody who guesses. */
  private slowDown(ip: string, reply: FastifyReply): void {
    const seconds = this.failures.retryAfter(ip, 'operator');
    if (seconds === 0) return this.failures.count(ip, 'operator');
    reply.header('Retry-After', String(seconds));
    throw new Problem(429, 'too_many_requests', `too many wrong tokens; try again in ${seconds} seconds`);
  }

  /** Whether an Authorization header is that of an operator. */
  admits(authorization: string | undefined): boolean {
    const bearer = presentedBearer(authorization);
    // Digests have one length, so that the comparison takes one time whatever was presented.
    return bearer !== null && timingSafeEqual(sha256(bearer), this.expected);
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
