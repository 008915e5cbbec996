import { slugFault, slugOf } from '../../../../../web/src/features/sources/slug.ts';

const NONE: ReadonlySet<string> = new Set();

test.each([
  ['Demo shop: web', 'demo-shop-web'],
  ['  Billing  Server ', 'billing-server'],
  ['Überweisungen & Émoluments', 'uberweisungen-emoluments'],
  ['<img src=x onerror=alert(1)>', 'img-src-x-onerror-alert-1'],
  ['日本語', ''],
  ['', ''],
])('%p suggests %p', (name, slug) => {
  expect(slugOf(name, NONE)).toBe(slug);
});

test('a slug that is taken gets the first number that is free', () => {
  expect(slugOf('Shop', new Set(['shop']))).toBe('shop-2');
  expect(slugOf('Shop', new Set(['shop', 'shop-2', 'shop-3']))).toBe('shop-4');
});

test('what is suggested is never longer than a slug may be, numbers included', () => {
  const long = 'x'.repeat(200);
  const first = slugOf(long, NONE);
  expect([first.length, slugFault(first)]).toEqual([64, undefined]);
  const second = slugOf(long, new Set([first]));
  expect([second.length, second.endsWith('-2'), slugFault(second)]).toEqual([64, true, undefined]);
});

test.each(['Shop', 'a b', '', 'x'.repeat(65), 'é'])('%p will not do', (slug) => {
  expect(slugFault(slug)).toMatch(/small letters/i);
});
