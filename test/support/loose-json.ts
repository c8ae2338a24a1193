/** JSON that the service under test answered: what it is, the assertions say. */
// eslint-disable-next-line typescript/no-explicit-any
export type LooseJson = any;
