import type { Json, JsonObject } from '../../../shared/domain/json.ts';

/** What the sweep must know of a destination that its fields do not say. */
export type SweepHint = {
  settings?: JsonObject;
  /** Values of fields that their type, format, choices and name do not lead to. */
  values?: Readonly<Record<string, Json>>;
  byAction?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Parts of the mapping as they stand. */
  fields?: Readonly<Record<string, Json>>;
  /** What a person chose for an audience when it was connected. */
  audienceSettings?: JsonObject;
  /** What the tool answers, beside a token. */
  json?: JsonObject;
  /** What it answers to a request, as `METHOD host/path`; `undefined`: as above. A text is sent as it is. */
  answer?: (request: string) => Json | undefined;
};

const UUID = '0b5cf1a1-7a0c-4c5e-9a52-6d2a3c7d9e10';
const ISSUED_PROFILE = { data: [{ type: 'phone', id: '+14155550123' }] };

export const SWEEP_HINTS: Readonly<Record<string, SweepHint>> = {
  acoustic: { answer: () => '<Envelope><SUCCESS>true</SUCCESS></Envelope>' },
  'acoustic-s3': {
    settings: {
      fileNamePrefix: 'shop_',
      s3_bucket_accesspoint_alias: 'the-bucket-4711',
      s3_region: 'us-east-1',
    },
    values: { properties: { plan: 'pro' } },
  },
  'adobe-analytics': { settings: { eventsV2: { 'Cup Bought': 'event1' } }, answer: () => '<status>SUCCESS</status>' },
  'amplitude-cohorts': {
    audienceSettings: { id_type: 'BY_USER_ID' },
    json: { memberships_result: [{ skipped_ids: [] }] },
  },
  calliper: { settings: { segmentKey: 'the-secretKey-4711' } },
  'criteo-audiences': {
    settings: { advertiser_id: '471147' },
    answer: (request): Json =>
      request.includes('/create') ? { data: [{ id: '1' }] } : { data: [], meta: { totalItems: 0 } },
  },
  dotdigital: { json: { identifiers: {}, contactId: 47, id: 47 } },
  emarsys: { json: { replyCode: 0 } },
  'google-analytics-4': { settings: { measurementId: 'G-4711' } },
  gwen: { values: { userId: UUID } },
  'optimizely-feature-experimentation': {
    values: { eventKey: 'bought' },
    answer: (request): Json =>
      request.startsWith('GET') ? { accountId: '1', events: [{ key: 'bought', id: '2' }], attributes: [] } : {},
  },
  'optimizely-web': {
    values: {
      eventSyncConfig: { createEventIfNotFound: 'DO_NOT_CREATE', shouldSnakeCaseEventKey: false, eventId: '47' },
    },
  },
  'pendo-audiences': { answer: () => ({ multistatus: [{ operation: 'add', status: 200 }] }) },
  'marketo-static-lists': { json: { success: true } },
  postscript: {
    answer: (request): Json => (request.startsWith('GET') ? { subscribers: [{ id: 1 }] } : {}),
  },
  repeater: { settings: { endpoint: 'https://track.example.com' } },
  responsys: { settings: { profileListName: 'the-list', profileExtensionTable: 'the-table' } },
  'salesforce-marketing-cloud': { settings: { subdomain: 'the-subdomain-4711' } },
  'sendgrid-audiences': { json: { result: [] } },
  slack: { values: { url: 'https://hooks.slack.com/services/T1/B2/abc' } },
  taboola: { audienceSettings: { account_id: 'acc-4711' } },
  'twilio-messaging': {
    values: {
      channel: 'SMS',
      senderType: 'Phone number',
      contentTemplateType: 'Inline',
      fromPhoneNumber: '+14155550100',
      toPhoneNumber: '+14155550123',
      inlineBody: 'Cups!',
    },
  },
  'twilio-studio': { answer: (request): Json => (request.includes('profiles.') ? ISSUED_PROFILE : {}) },
  voiceops: { values: { call_started_at: '1764000000' } },
  'webhook-extensible': { settings: { authType: 'bearer', bearerToken: 'the-bearerToken-4711' } },
  zapier: { values: { zapSubscriptionUrl: 'https://hooks.zapier.com/hooks/catch/1/2' } },
};
