import { HttpException } from '@nestjs/common';

/** A refusal of the admin API, answered as RFC 9457 problem details by the error filter. */
export class Problem extends HttpException {
  /**
   * @param code stable, becomes the problem's `type`
   * @param detail one sentence that helps; nothing from inside
   * @param more further members of the body
   */
  constructor(
    status: number,
    readonly code: string,
    readonly detail: string,
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail, status);
  }
}
