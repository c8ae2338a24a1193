/** An operator as the admin API authenticated them. */
export interface Operator {
  /** Personal data: sealed in events. */
  readonly id: string;
  /** How they proved it, e.g. `admin_token`. */
  readonly method: string;
}
