/** Filters that a destination may have (C02). */
export const FILTERS_PER_DESTINATION_MAX = 10;
/** Characters of a filter's title (C02). */
export const FILTER_NAME_CHARS_MAX = 64;
/** Mappings that a destination may have (B11). */
export const MAPPINGS_PER_DESTINATION_MAX = 50;
/** FQL text, in bytes (C06). */
export const FQL_BYTES_MAX = 5_120;
