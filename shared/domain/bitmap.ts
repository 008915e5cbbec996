/** Sets of small numbers as base64 of a bit string, bit n in byte n >> 3 at position n & 7. Rows in DynamoDB hold them. */

export function bitmapOf(members: Iterable<number>): string {
  const bytes: number[] = [];
  for (const n of members) {
    const index = n >> 3;
    while (bytes.length <= index) bytes.push(0);
    bytes[index] = (bytes[index] ?? 0) | (1 << (n & 7));
  }
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function membersOf(bitmap: string): number[] {
  const text = atob(bitmap);
  const members: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const byte = text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) if (byte & (1 << bit)) members.push(index * 8 + bit);
  }
  return members;
}

/** Members by the reason that they share. */
export class Groups {
  readonly #members = new Map<string, number[]>();

  add(reason: string, member: number): void {
    const members = this.#members.get(reason);
    if (members === undefined) this.#members.set(reason, [member]);
    else members.push(member);
  }

  /** A field with a bitmap for each reason, unless there is one alone: then counts say it of all that are nowhere else. */
  field<F extends string>(field: F, isToldAnyway = false): { [field in F]?: Record<string, string> } {
    if (this.#members.size === 0 || (this.#members.size === 1 && !isToldAnyway)) return {};
    const bitmaps = [...this.#members].map(([reason, members]) => [reason, bitmapOf(members)] as const);
    return { [field]: Object.fromEntries(bitmaps) } as { [field in F]: Record<string, string> };
  }
}
