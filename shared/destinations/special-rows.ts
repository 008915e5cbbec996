import { EVENT_TYPES } from '../domain/event.ts';
import type { LibraryRow } from './destination-definition.ts';

/** FQL that chooses every event. */
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

type Special = Omit<LibraryRow, 'slug' | 'directory' | 'name' | 'description' | 'class' | 'categories'>;

/** What single destinations need beyond a line of `library-facts`, by slug. */
export const SPECIAL_ROWS: Readonly<Record<string, Partial<Special>>> = {
  webhook: {
    // Receivers have 5 s (B21).
    sendTimeoutMs: 5_000,
    presets: [{ action: 'send', name: 'All events', trigger: ANY_TYPE }],
  },
  slack: {
    secretFields: ['url'],
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
  // In strict mode Mixpanel takes the good events of a batch and names the bad; without the flag all would count as bad.
  // Amplitude drops a repeat only by its insert_id, and a send may be repeated although Amplitude had it.
  amplitude: {
    fieldDefaults: {
      logEventV2: { insert_id: { '@path': '$.messageId' } },
      logPurchase: { insert_id: { '@path': '$.messageId' } },
    },
  },
  mixpanel: { features: ['mixpanel-multistatus'] },
  'google-analytics-4': {
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
  absmartly: { secretSettings: ['apiKey'] },
  acoustic: {
    settingTexts: {
      tableName: { label: 'Table name', description: 'Of the relational table in Acoustic Campaign.' },
      tableListId: { label: 'Table list ID', description: "From that table's dialog in Acoustic Campaign." },
    },
  },
  airship: {
    settingTexts: {
      access_token: {
        label: 'Access token',
        description: 'Made in the Airship dashboard under Settings, Partner Integrations.',
      },
    },
  },
  ambee: {
    secretSettings: ['segmentWriteKey'],
    settingTexts: {
      segmentRegion: { label: 'Region for notifications', description: 'Where the source of the key below is hosted.' },
      segmentWriteKey: {
        label: 'Write key for notifications',
        description: 'Ambee sends its notifications to the source at segment.com that this key belongs to.',
      },
    },
  },
  'avo-v2': {
    secretSettings: ['apiKey'],
    settingTexts: {
      publicEncryptionKey: {
        label: 'Public encryption key',
        description:
          'With it, values are checked against your tracking plan too. They are encrypted from end to end: Avo cannot read them.',
      },
    },
  },
  calliper: {
    secretSettings: ['segmentKey'],
    settingTexts: {
      companyId: { label: 'Company ID', description: 'In Calliper, beside the secret key of a data source.' },
      segmentKey: { label: 'Secret key', description: 'In Calliper, on the page of the same data source.' },
    },
  },
  canny: {
    settingTexts: { apiKey: { label: 'API key', description: "In Canny's admin settings, under integrations." } },
  },
  chartmogul: { secretSettings: ['chartmogul_webhook_url'] },
  clevertap: {
    settingTexts: {
      clevertapEndpoint: { label: 'REST endpoint', description: 'Of the region that your CleverTap account is in.' },
    },
  },
  'collab-travel-crm': {
    settingTexts: { apiKey: { label: 'API key', description: 'The webhook secret, under Settings, Integrations.' } },
  },
  courier: {
    settingTexts: { apiKey: { label: 'API key', description: 'On the integrations page of the Courier Designer.' } },
  },
  eagleeye: {
    settingTexts: {
      connectorUrl: { label: 'Connector URL', description: 'The URL of the connector that Eagle Eye made for you.' },
    },
  },
  epsilon: { secretSettings: ['dtm_cmagic'] },
  equals: { secretSettings: ['url'] },
  'inleads-ai': { secretSettings: ['apiKey'] },
  // `Iterable Lists (Actions)` is what its younger sister is called elsewhere.
  'iterable-lists': { integrationNames: ['Iterable Lists'] },
  kameleoon: {
    settingTexts: { apiKey: { label: 'API key', description: 'Made in your Kameleoon account, for integrations.' } },
  },
  'kevel-audience': { secretSettings: ['apiKey'] },
  listrak: {
    settingTexts: {
      client_id: { label: 'Client ID', description: 'In Listrak under Integrations, Integrations Management.' },
      client_secret: { label: 'Client secret', description: 'On the same page as the client ID.' },
    },
  },
  playerzero: {
    settingTexts: { projectToken: { label: 'Project token', description: "On the page of PlayerZero's connector." } },
  },
  podscribe: { sendsByGet: true },
  qualtrics: { secretFields: ['workflowUrl'] },
  saleswings: {
    settingTexts: { apiKey: { label: 'API key', description: 'Of your SalesWings project.' } },
  },
  stackadapt: { sendsByGet: true },
  survicate: {
    settingTexts: { apiKey: { label: 'API key', description: 'In Survicate under Integrations, in cloud mode.' } },
  },
  'talon-one': { secretFields: ['callbackAPIKey'] },
  'twilio-studio': {
    settingTexts: {
      spaceId: {
        label: 'Profile space ID',
        description: 'Of the space at profiles.segment.com that knows your users.',
      },
      profileApiAccessToken: {
        label: 'Profile API access token',
        description: 'Opens the Profile API of that space, where phone numbers are looked up.',
      },
    },
  },
  'vibe-audience': { secretSettings: ['authToken'] },
  zapier: { secretFields: ['zapSubscriptionUrl'] },
};
