/** The advisory lock that every append holds until its commit. Whoever holds it sees the end of the log stand still. */
export const APPEND_LOCK = 4_842_001;
