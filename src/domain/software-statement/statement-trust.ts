import type { SoftwareStatementTrust } from '../../contract/software-statement.js';

/** A realm without trusted issuers: statements are not supported there. */
export const NO_STATEMENT_TRUST: SoftwareStatementTrust = { issuers: [], required: false };
