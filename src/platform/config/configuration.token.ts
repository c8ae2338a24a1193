/** Injection token of the `Configuration`. */
export const CONFIGURATION = 'clientele:configuration';
