import { CITIES, COMPANIES, FIRST_NAMES, LAST_NAMES } from './shop-catalog.ts';
import { pick } from './random.ts';

export const PEOPLE = 200;

/** A customer of the demo's shop. They have two devices, and are known by name once they have signed up. */
export type Person = {
  userId: string;
  firstName: string;
  lastName: string;
  email: string;
  place: (typeof CITIES)[number];
  company: (typeof COMPANIES)[number] | undefined;
  /** Anonymous ids, one for each device. */
  devices: readonly [string, string];
  usesApp: boolean;
  signedUp: boolean;
  orders: number;
};

/** The same people for the same numbers. Every third works for a company. */
export const people = (random: () => number): Person[] =>
  Array.from({ length: PEOPLE }, (_, index) => {
    const firstName = pick(random, FIRST_NAMES);
    const lastName = pick(random, LAST_NAMES);
    return {
      userId: `user-${String(index + 1).padStart(4, '0')}`,
      firstName,
      lastName,
      email: `${firstName}.${lastName}.${index + 1}@example.com`.toLowerCase(),
      place: pick(random, CITIES),
      company: index % 3 === 0 ? pick(random, COMPANIES) : undefined,
      devices: [anonymousId(random), anonymousId(random)],
      usesApp: random() < 0.3,
      signedUp: false,
      orders: 0,
    };
  });

/** In the form of a version 4 UUID, as the libraries make them. */
function anonymousId(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  digits[12] = '4';
  digits[16] = pick(random, ['8', '9', 'a', 'b']);
  const hex = digits.join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
