/** The service cannot answer now and nothing was changed, as far as it knows. On the wire: 503 with Retry-After (D-5). */
export abstract class Unavailable extends Error {
  /**
   * @param message for the log only, never for the wire
   * @param retryAfterSeconds when trying again makes sense
   */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}
