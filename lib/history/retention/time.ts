/** SQL: a time as an ISO text in UTC, to the microsecond; their order is that of the times. */
export const utc = (time: string): string => `to_char((${time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The later of two such texts. */
export const later = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && other > one) ? other : one;
