import type { GlobalSetting, InputField } from '@segment/actions-core';
import type { Json } from '../../../domain/json.ts';
import { firstOf } from '../first-of.ts';

/** A setting that maps names of yours to Adobe's. The library's type for settings knows no objects, its check of settings does. */
const mapSetting = (label: string, description: string): GlobalSetting =>
  ({ type: 'object', label, description, default: {} }) as unknown as GlobalSetting;

export const SETTINGS: Record<string, GlobalSetting> = {
  reportSuiteId: {
    type: 'string',
    required: true,
    label: 'Report suite ID',
    description: 'The report suite that gets the data; several with commas between them.',
  },
  trackingServerUrl: {
    type: 'string',
    required: true,
    label: 'Tracking server',
    description: 'Host of your data collection server, such as `example.sc.omtrdc.net`. It is spoken to over https.',
  },
  eventsV2: mapSetting(
    'Events',
    "Your event's name on the left, Adobe's event on the right, such as `event5`; several with commas. A track call whose name is not here is not sent, unless it is one of the e-commerce spec that Adobe has a word for.",
  ),
  eVars: mapSetting(
    'eVars',
    'Your property on the left, an eVar on the right, such as `eVar4`. `context.locale` and the like take a field of the context; an event name gives the name itself. At most 255 bytes are sent.',
  ),
  props: mapSetting(
    'Props',
    'Your property on the left, a prop on the right, such as `prop3`. A list is joined by `|`. At most 100 bytes are sent.',
  ),
  lVars: mapSetting(
    'List variables',
    'Your property on the left, a list variable on the right, `list1` to `list3`. A list is joined by commas. At most 255 bytes of each value are sent.',
  ),
  hVars: mapSetting('Hierarchy variables', 'Your property on the left, `hier1` to `hier5` on the right.'),
  customDelimiter: mapSetting(
    'Delimiters',
    'What joins the values of a list, where it is not the usual one: a variable on the left (`list1`, `prop2`), the delimiter on the right. It must be the one that the report suite has.',
  ),
  contextValues: mapSetting(
    'Context data variables',
    "Your property (or `context.…`) on the left, the key of Adobe's context data on the right.",
  ),
  sendPropertiesAsContextData: {
    type: 'boolean',
    default: true,
    label: 'Send properties as context data',
    description: 'Send each property that is a text, a number or a boolean as context data, under its own name.',
  },
  merchEvents: mapSetting(
    'Merchandising events',
    'By event name: `{"events": [{"adobeEvent": "event2", "scope": "product", "property": "products.price"}], "productEVars": {"products.coupon": "eVar2"}}`. The scope is `event` or `product`.',
  ),
  productIdentifier: {
    type: 'string',
    default: 'name',
    choices: [
      { label: 'Name', value: 'name' },
      { label: 'SKU', value: 'sku' },
      { label: 'ID', value: 'id' },
    ],
    label: 'Product identifier',
    description: 'What names a product in the products string.',
  },
  timestampOption: {
    type: 'string',
    default: 'disabled',
    choices: [
      { label: 'Disabled: no timestamps', value: 'disabled' },
      { label: 'Enabled: timestamps required', value: 'enabled' },
      { label: 'Hybrid: timestamps optional', value: 'hybrid' },
    ],
    label: 'Timestamp option',
    description:
      'What the report suite expects. With timestamps Adobe takes no visitor ID, so none is sent, unless one of the next two settings says otherwise.',
  },
  preferVisitorId: {
    type: 'boolean',
    default: false,
    label: 'Prefer the visitor ID',
    description: 'For a hybrid report suite: send the visitor ID instead of the timestamp.',
  },
  sendBothTimestampVisitorId: {
    type: 'boolean',
    default: false,
    label: 'Send both timestamp and visitor ID',
    description: 'For a hybrid report suite.',
  },
  disableVisitorId: {
    type: 'boolean',
    default: false,
    label: 'Drop the visitor ID',
    description:
      'Never send a visitor ID: visitors are told apart by the Experience Cloud ID, or by IP address and user agent.',
  },
  removeFallbackVisitorId: {
    type: 'boolean',
    default: false,
    label: 'No fallbacks for the visitor ID',
    description:
      'Where an event has an Experience Cloud ID, do not take its user ID or anonymous ID for the visitor ID; one that it brings for Adobe is sent.',
  },
  marketingCloudOrgId: {
    type: 'string',
    label: 'Experience Cloud organization ID',
    description: 'Sent beside an Experience Cloud ID, such as `ABC123@AdobeOrg`.',
  },
};

const INTEGRATION = "$.integrations['Adobe Analytics']";
const IN_CONTEXT = "$.context['Adobe Analytics']";

type DefaultOf = InputField['default'];

const text = (label: string, description: string, byDefault?: Json): InputField => ({
  type: 'string',
  label,
  description,
  ...(byDefault !== undefined && { default: byDefault as DefaultOf }),
});

const object = (label: string, description: string, path: string): InputField => ({
  type: 'object',
  label,
  description,
  default: { '@path': path },
});

const COMMON_FIELDS: Record<string, InputField> = {
  properties: object('Properties', "What the settings' maps look into.", '$.properties'),
  context: object('Context', "Where the settings' maps find `context.…`.", '$.context'),
  visitorId: text(
    'Visitor ID',
    "An ID that the event brings for Adobe, such as that of its cookie `s_vi`. It goes before the user's.",
    firstOf([`${INTEGRATION}.visitorId`, `${IN_CONTEXT}.visitorId`]),
  ),
  userId: text(
    'User ID',
    'The visitor ID of events that bring none for Adobe. At most 100 characters; Adobe asks for letters and digits.',
    firstOf(['$.userId', '$.anonymousId']),
  ),
  marketingCloudVisitorId: text(
    'Experience Cloud ID',
    'The ECID of the visitor.',
    firstOf([`${INTEGRATION}.marketingCloudVisitorId`, `${IN_CONTEXT}.marketingCloudVisitorId`]),
  ),
  timestamp: {
    type: 'datetime',
    label: 'Timestamp',
    description: 'When it happened. Sent as the timestamp option says.',
    default: { '@path': '$.timestamp' },
  },
  ipAddress: text('IP address', 'The address of the visitor.', { '@path': '$.context.ip' }),
  userAgent: text('User agent', 'The browser of the visitor.', { '@path': '$.context.userAgent' }),
  language: text('Language', 'The language of the visitor.', { '@path': '$.context.locale' }),
  pageUrl: text('Page URL', 'The address of the page.', firstOf(['$.context.page.url', '$.properties.url'])),
  referrer: text('Referrer', 'The page before.', firstOf(['$.context.page.referrer', '$.properties.referrer'])),
  channel: text('Site section', "Adobe's channel.", { '@path': '$.properties.channel' }),
  campaign: text('Tracking code', "Adobe's campaign.", firstOf(['$.context.campaign.name', '$.properties.campaign'])),
  state: text('State', 'The state of the visitor.', { '@path': '$.properties.state' }),
  zip: text('Zip code', 'The zip code of the visitor.', { '@path': '$.properties.zip' }),
  server: text('Server', "Adobe's server.", { '@path': '$.properties.server' }),
  currencyCode: text('Currency', 'A currency code of three letters.', { '@path': '$.properties.currency' }),
  products: {
    type: 'object',
    multiple: true,
    additionalProperties: true,
    label: 'Products',
    description: 'Products as the e-commerce spec has them: category, name, sku, product_id, quantity, price.',
    default: { '@path': '$.properties.products' },
  },
  events: {
    type: 'string',
    multiple: true,
    label: "Adobe's events",
    description: 'Events of Adobe that are sent beside those that the settings name.',
    default: { '@path': `${INTEGRATION}.events` },
  },
};

export const PAGE_FIELDS: Record<string, InputField> = {
  pageName: text('Page name', 'Without one Adobe takes the URL.', firstOf(['$.name', '$.properties.pageName'])),
  ...COMMON_FIELDS,
};

export const TRACK_FIELDS: Record<string, InputField> = {
  event: { ...text('Event name', 'What the map of events knows.', { '@path': '$.event' }), required: true },
  pageName: text(
    'Page name',
    'The page on which it happened.',
    firstOf(['$.properties.pageName', '$.context.page.title']),
  ),
  linkType: text(
    'Link type',
    '`o` for a custom link, `d` for a download, `e` for an exit.',
    firstOf([`${INTEGRATION}.linkType`], 'o'),
  ),
  linkName: text(
    'Link name',
    'What the link is called in reports.',
    firstOf([`${INTEGRATION}.linkName`, '$.context.page.url']),
  ),
  linkUrl: text('Link URL', 'Where the link leads.', firstOf([`${INTEGRATION}.linkUrl`, '$.context.page.url'])),
  orderId: text(
    'Order ID',
    'Of an order that was completed.',
    firstOf(['$.properties.order_id', '$.properties.orderId']),
  ),
  ...COMMON_FIELDS,
};
