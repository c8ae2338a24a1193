import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allowedMethods } from './allowed-methods.js';
import { errorAnswer, type ErrorAnswer } from './error-answer.js';
import { oauthErrorBody, problemDetails, type ErrorBody } from './error-bodies.js';
import { Problem } from './problem.js';

/** Which form errors have, by the beginning of the path; the first that fits. */
const forms: readonly (readonly [prefix: string, form: (answer: ErrorAnswer) => ErrorBody])[] = [
  ['/admin/', problemDetails],
  ['/', oauthErrorBody],
];

/**
 * The last word on every failure that no controller answered itself: unknown paths, wrong methods, bodies that are too
 * large or of another media type, outages and defects. No framework body ever leaves, and nothing from inside.
 */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const answer = this.answer(error, request);
    if (answer.status >= 500) request.log.error({ err: error }, 'a request failed');
    if (reply.sent) return;

    const [, form] = forms.find(([prefix]) => request.url.startsWith(prefix)) ?? forms.at(-1)!;
    const { contentType, body } = form(answer);
    // RFC 9110 section 15.5.2: a 401 always says how to authenticate; whoever refused may have said it better.
    if (answer.status === 401 && !reply.hasHeader('WWW-Authenticate'))
      reply.header('WWW-Authenticate', 'Bearer');
    void reply
      .code(answer.status)
      .headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache', ...answer.headers })
      .type(contentType)
      .send(body);
  }

  private answer(error: unknown, request: FastifyRequest): ErrorAnswer {
    const answer = errorAnswer(error);
    if (answer.status !== 404 || error instanceof Problem) return answer;
    const allowed = allowedMethods(request.server, request.url);
    if (allowed.length === 0) return answer;
    return {
      status: 405,
      error: 'method_not_allowed',
      description: `this address answers ${allowed.join(', ')}`,
      headers: { Allow: allowed.join(', ') },
      more: {},
    };
  }
}
