/** The service cannot start, for a reason that the operator can remove: printed as it is, without a stack. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartRefused';
  }
}

/** Does a step of the start; what it throws refuses the start. */
export async function refusing<Result>(
  step: () => Promise<Result>,
  sentence: (cause: Error) => string = (cause) => cause.message,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    throw new StartRefused(sentence(cause), { cause });
  }
}
