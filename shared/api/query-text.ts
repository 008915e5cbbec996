/** Levels of a query's value; those of the API have three. */
const DEPTH_MAX = 5;

/** A query in the bracket form of the original's own client: `pagination[count]=5&groupBy[0]=eventName`. What is undefined is left out. */
export function queryText(query: object | undefined): string {
  const pairs: string[] = [];
  const add = (name: string, value: unknown, depth: number): void => {
    if (value === undefined || depth > DEPTH_MAX) return;
    if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) add(`${name}[${key}]`, one, depth + 1);
    } else {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(text)}`);
    }
  };
  for (const [name, value] of Object.entries(query ?? {})) add(name, value, 1);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
