/** What is wrong with a bundle that cannot be loaded. */
export type BundleFault =
  | 'archive'
  | 'too_large'
  | 'missing_file'
  | 'manifest'
  | 'data'
  | 'profile'
  | 'custom_metadata'
  | 'web_assembly'
  | 'host_functions';

/** A bundle that cannot be loaded. The message is for the operator who sent it and names the place. */
export class InvalidPolicyBundle extends Error {
  override readonly name = 'InvalidPolicyBundle';

  constructor(
    readonly fault: BundleFault,
    message: string,
  ) {
    super(message);
  }
}
