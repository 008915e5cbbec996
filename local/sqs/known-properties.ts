/** Refuses what a resource says and nobody here honours. AWS would act on it; to pass over it in silence would make the local run a lie. */
export function refuseUnknown(what: string, properties: Record<string, unknown>, known: readonly string[]): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined && !known.includes(name)) {
      throw new Error(`The local cloud does not know how to honour ${what}.${name}.`);
    }
  }
}

/** An object of a template or a request; undefined where it is absent. */
export function optionalObject(what: string, value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} must be an object.`);
}

/** A text of a template; undefined where it is absent. */
export function optionalText(what: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new Error(`${what} must be a string.`);
}

/** A text that a template must give. */
export function requiredText(what: string, value: unknown): string {
  const text = optionalText(what, value);
  if (text === undefined || text === '') throw new Error(`${what} is missing.`);
  return text;
}

/** A list of texts of a template; empty where it is absent. */
export function textList(what: string, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new Error(`${what} must be a list of strings.`);
}

/** A whole number within bounds. CloudFormation also takes it as a text. */
export function integerProperty(
  what: string,
  value: unknown,
  range: { min: number; max: number; absent: number },
): number {
  if (value === undefined || value === null) return range.absent;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= range.min && number <= range.max) {
    return number;
  }
  throw new Error(`${what} must be a whole number from ${range.min} to ${range.max}.`);
}

/** True or false, which CloudFormation also takes as a text. */
export function booleanProperty(what: string, value: unknown, absent: boolean): boolean {
  if (value === undefined || value === null) return absent;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new Error(`${what} must be true or false.`);
}
