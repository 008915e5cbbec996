import { EVENT_TYPES } from '../domain/event.ts';
import type { LibraryRow } from './destination-definition.ts';

const ANY_TYPE = EVENT_TYPES.map((type) => `type = "${type}"`).join(' or ');

/** GA4's named events, each with the action that knows its parameters. Everything else tracked goes out as a custom event. */
const GA4_ACTIONS_BY_EVENT = {
  purchase: 'Order Completed',
  addToCart: 'Product Added',
  selectItem: 'Product Clicked',
  beginCheckout: 'Checkout Started',
  selectPromotion: 'Promotion Clicked',
  viewItem: 'Product Viewed',
  removeFromCart: 'Product Removed',
  viewCart: 'Cart Viewed',
  search: 'Products Searched',
  viewItemList: 'Product List Viewed',
  signUp: 'Signed Up',
  viewPromotion: 'Promotion Viewed',
  addPaymentInfo: 'Payment Info Entered',
  refund: 'Order Refunded',
  login: 'Signed In',
  addToWishlist: 'Product Added to Wishlist',
};

/**
 * Destinations of the library that are offered. `slug` is ours and stays for ever: stored destinations carry it. The first integration
 * name is what people see here; the others are names under which the same tool is known to tracking code that exists.
 */
export const LIBRARY_ROWS: readonly LibraryRow[] = [
  {
    slug: 'webhook',
    directory: 'webhook',
    name: 'Webhook',
    description: 'Sends events as JSON to a URL of yours, one by one or in batches, signed if you set a secret.',
    integrationNames: ['Webhook', 'Webhooks (Actions)', 'Actions Webhook'],
    supportedTypes: EVENT_TYPES,
    // Receivers have 5 s (B21).
    sendTimeoutMs: 5_000,
    presets: [{ action: 'send', name: 'All events', trigger: ANY_TYPE }],
  },
  {
    slug: 'slack',
    directory: 'slack',
    name: 'Slack',
    description: 'Posts a message into a Slack channel for the events that you choose.',
    integrationNames: ['Slack', 'Slack (Actions)', 'Actions Slack'],
    supportedTypes: EVENT_TYPES,
    fieldDefaults: { postToChannel: { username: 'Tributary', icon_url: null } },
    presets: [
      {
        action: 'postToChannel',
        name: 'Track calls',
        trigger: 'type = "track"',
        fields: { text: { '@template': '{{event}} by {{userId}}' } },
      },
    ],
  },
  {
    slug: 'amplitude',
    directory: 'amplitude',
    name: 'Amplitude',
    description: 'Product analytics: events, users, groups and revenue.',
    integrationNames: ['Amplitude', 'Amplitude (Actions)', 'Actions Amplitude'],
    supportedTypes: EVENT_TYPES,
  },
  {
    slug: 'mixpanel',
    directory: 'mixpanel',
    name: 'Mixpanel',
    description: 'Product analytics: events, people and groups.',
    integrationNames: ['Mixpanel', 'Mixpanel (Actions)', 'Actions Mixpanel'],
    supportedTypes: EVENT_TYPES,
    // In strict mode Mixpanel takes the good events of a batch and names the bad; without the flag all would count as bad.
    features: ['mixpanel-multistatus'],
  },
  {
    slug: 'google-analytics-4',
    directory: 'google-analytics-4',
    name: 'Google Analytics 4',
    description: 'Web and app analytics through the Measurement Protocol.',
    integrationNames: [
      'Google Analytics 4',
      'Google Analytics 4 Cloud',
      'Actions Google Analytics 4',
      'Actions Google Analytic 4',
    ],
    supportedTypes: ['track', 'page', 'screen', 'identify'],
    presets: [
      ...Object.keys(GA4_ACTIONS_BY_EVENT).map((action) => ({ action })),
      { action: 'pageView' },
      {
        action: 'customEvent',
        trigger: ['type = "track"', ...Object.values(GA4_ACTIONS_BY_EVENT).map((event) => `event != "${event}"`)].join(
          ' and ',
        ),
      },
    ],
  },
  {
    slug: 'customerio',
    directory: 'customerio',
    name: 'Customer.io',
    description: 'Messages to customers: people, devices, objects and events.',
    integrationNames: ['Customer.io', 'Customer.io (Actions)', 'Actions Customerio'],
    supportedTypes: EVENT_TYPES,
  },
];
