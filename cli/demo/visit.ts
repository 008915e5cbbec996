import type { Person } from './people.ts';
import { pick } from './random.ts';
import { BROWSERS, COUPONS, PRODUCTS, type Product, SEARCHES } from './shop-catalog.ts';

type Fields = Record<string, unknown>;
/** One call of a library: which source sends it, which method, what with. */
export type DemoCall = {
  source: 'web' | 'server';
  type: 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';
  message: Fields;
};

const ORIGIN = 'https://shop.example.com';
const STEPS_MAX = 7;

/**
 * One visit of one person to the shop, call by call: they browse unnamed until they sign up or sign in, on either of their devices, and
 * sometimes buy. What the shop's own server knows (orders, parcels, tickets) comes from the server source.
 */
export function* visit(random: () => number, person: Person): Generator<DemoCall> {
  const device = person.signedUp && random() < 0.4 ? person.devices[1] : person.devices[0];
  const userAgent = pick(random, BROWSERS);
  let signedIn = person.signedUp && device === person.devices[0] && random() < 0.7;
  const cart: Product[] = [];

  const who = (): Fields => (signedIn ? { userId: person.userId, anonymousId: device } : { anonymousId: device });
  const context = (path: string): Fields => ({
    userAgent,
    locale: person.place.locale,
    timezone: person.place.timezone,
    page: { path, url: `${ORIGIN}${path}`, title: `Shop ${path}` },
  });
  const web = (event: string, properties: Fields, path = '/'): DemoCall => ({
    source: 'web',
    type: 'track',
    message: { ...who(), event, properties, context: context(path) },
  });
  const page = (name: string, path: string, category?: string): DemoCall => ({
    source: 'web',
    type: 'page',
    message: { ...who(), name, category, properties: { path, url: `${ORIGIN}${path}` }, context: context(path) },
  });
  const server = (event: string, properties: Fields): DemoCall => ({
    source: 'server',
    type: 'track',
    message: { userId: person.userId, event, properties },
  });
  const signIn = function* (): Generator<DemoCall> {
    const isNew = !person.signedUp;
    yield page(isNew ? 'Sign up' : 'Sign in', isNew ? '/signup' : '/signin');
    signedIn = true;
    person.signedUp = true;
    yield { source: 'web', type: 'identify', message: { ...who(), traits: traitsOf(person), context: context('/') } };
    if (isNew) yield { source: 'web', type: 'alias', message: { userId: person.userId, previousId: device } };
    yield web(isNew ? 'Signed Up' : 'Signed In', { method: pick(random, ['email', 'google', 'apple']) }, '/signin');
    if (!isNew) return;
    yield server('Account Created', { plan: person.company?.plan ?? 'personal' });
    if (random() < 0.5) yield web('Newsletter Subscribed', { list: 'weekly' }, '/signup');
    if (person.company === undefined) return;
    const { id, ...traits } = person.company;
    yield { source: 'server', type: 'group', message: { userId: person.userId, groupId: id, traits } };
    yield server('Trial Started', { plan: traits.plan, company: traits.name });
    if (random() < 0.3) yield server('Invite Sent', { company: traits.name });
  };

  if (person.usesApp && random() < 0.6) {
    if (person.orders === 0 && !person.signedUp) yield web('Application Installed', { version: '3.2.0', build: '320' });
    yield web('Application Opened', { from_background: random() < 0.5, version: '3.2.0' });
    yield { source: 'web', type: 'screen', message: { ...who(), name: 'Home', properties: { tab: 'shop' } } };
  }
  yield page('Home', '/');

  const steps = 2 + Math.floor(random() * STEPS_MAX);
  for (let step = 0; step < steps; step += 1) yield* browse(random, { web, page, cart });
  if (!signedIn && random() < 0.45) yield* signIn();
  if (signedIn && cart.length > 0) yield* checkOut(random, person, { web, page, server, cart });
  if (person.orders > 0 && random() < 0.5) yield* afterwards(random, person, server);
  if (signedIn && random() < 0.15) yield web('Signed Out', {});
}

type Makers = {
  web: (event: string, properties: Fields, path?: string) => DemoCall;
  page: (name: string, path: string, category?: string) => DemoCall;
  server: (event: string, properties: Fields) => DemoCall;
  cart: Product[];
};

function* browse(
  random: () => number,
  { web, page, cart }: Pick<Makers, 'web' | 'page' | 'cart'>,
): Generator<DemoCall> {
  const product = pick(random, PRODUCTS);
  const path = `/products/${product.product_id}`;
  const inList = { list_id: product.category.toLowerCase(), category: product.category };
  const way = random();
  if (way < 0.15) yield web('Products Searched', { query: pick(random, SEARCHES) }, '/search');
  else if (way < 0.25) {
    yield web('Promotion Viewed', { promotion_id: 'spring', name: 'Spring sale', position: 'home-top' });
    if (random() < 0.4) yield web('Promotion Clicked', { promotion_id: 'spring', name: 'Spring sale' });
  } else {
    yield page(product.category, `/c/${inList.list_id}`, 'Category');
    yield web('Product List Viewed', {
      ...inList,
      products: PRODUCTS.filter((one) => one.category === product.category),
    });
    if (random() < 0.3)
      yield web('Product List Filtered', { ...inList, filters: [{ type: 'price', value: 'under-50' }] });
  }
  if (random() < 0.6) yield web('Product Clicked', { ...product, position: 1 + Math.floor(random() * 8) }, path);
  yield web('Product Viewed', { ...product, currency: 'EUR' }, path);
  if (random() < 0.08) yield web('Product Shared', { ...product, share_via: 'email' }, path);
  if (random() < 0.1) {
    yield web('Product Added to Wishlist', { ...product, wishlist_id: 'w-1' }, path);
    const then = random();
    if (then < 0.3) yield web('Product Removed from Wishlist', { ...product, wishlist_id: 'w-1' }, '/wishlist');
    else if (then < 0.6) yield web('Wishlist Product Added to Cart', { ...product, wishlist_id: 'w-1' }, '/wishlist');
  }
  if (random() < 0.4) {
    cart.push(product);
    yield web('Product Added', { ...product, quantity: 1, currency: 'EUR' }, path);
    if (random() < 0.3) yield web('Cart Viewed', { products: [...cart] }, '/cart');
    if (random() < 0.15) yield web('Product Removed', { ...cart.pop(), quantity: 1 }, '/cart');
    else if (random() < 0.05) yield web('Cart Shared', { share_via: 'email', products: [...cart] }, '/cart');
  }
}

function* checkOut(random: () => number, person: Person, { web, page, server, cart }: Makers): Generator<DemoCall> {
  const order_id = `o-${person.userId.slice(-4)}-${person.orders + 1}`;
  const value = Math.round(cart.reduce((sum, product) => sum + product.price, 0) * 100) / 100;
  yield page('Checkout', '/checkout');
  yield web('Checkout Started', { order_id, value, currency: 'EUR', products: [...cart] }, '/checkout');
  yield web('Checkout Step Viewed', { checkout_id: order_id, step: 1 }, '/checkout');
  yield web('Checkout Step Completed', { checkout_id: order_id, step: 1, shipping_method: 'post' }, '/checkout');
  if (random() < 0.3) {
    const coupon = pick(random, COUPONS);
    yield web('Coupon Entered', { order_id, coupon_id: coupon }, '/checkout');
    if (coupon === 'EXPIRED22')
      yield web('Coupon Denied', { order_id, coupon_id: coupon, reason: 'expired' }, '/checkout');
    else {
      yield web('Coupon Applied', { order_id, coupon_id: coupon, discount: 5 }, '/checkout');
      if (random() < 0.2) yield web('Coupon Removed', { order_id, coupon_id: coupon }, '/checkout');
    }
  }
  yield web('Payment Info Entered', { order_id, payment_method: pick(random, ['card', 'transfer']) }, '/checkout');
  if (random() < 0.2) return;
  person.orders += 1;
  yield server('Order Completed', { order_id, value, revenue: value, currency: 'EUR', products: [...cart] });
}

function* afterwards(random: () => number, person: Person, server: Makers['server']): Generator<DemoCall> {
  const order_id = `o-${person.userId.slice(-4)}-${person.orders}`;
  const way = random();
  if (way < 0.1) yield server('Order Cancelled', { order_id, reason: 'changed mind' });
  else if (way < 0.2) yield server('Order Updated', { order_id, change: 'address' });
  else {
    yield server('Order Shipped', { order_id, carrier: 'post' });
    yield server('Order Delivered', { order_id, days: 1 + Math.floor(random() * 5) });
    if (random() < 0.15) yield server('Order Refunded', { order_id, total: 10 });
    else if (random() < 0.3) {
      yield server('Product Reviewed', {
        product_id: pick(random, PRODUCTS).product_id,
        rating: 3 + Math.floor(random() * 3),
      });
    }
  }
  if (random() < 0.1) yield server('Support Ticket Opened', { order_id, topic: 'delivery' });
}

const traitsOf = (person: Person): Fields => ({
  email: person.email,
  firstName: person.firstName,
  lastName: person.lastName,
  address: { city: person.place.city, country: person.place.country },
  ...(person.company === undefined ? {} : { company: { id: person.company.id, name: person.company.name } }),
});
