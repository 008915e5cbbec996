/** Values on the wire that have the word in them and stay, by destination: each is the tool's own, not a name that we give ourselves. */
export const THEIR_WORDS: Readonly<Record<string, { pattern: RegExp; why: string }>> = {
  iqm: { pattern: /^query pid: segment$/, why: 'chooses the format of the postback' },
  'marketo-static-lists': { pattern: /-{2,6}SEGMENT-DATA--/, why: 'is the boundary of a multipart body' },
  'stackadapt-audiences': { pattern: /^body query: mutation/, why: 'is a kind of provider in their GraphQL schema' },
  vwo: { pattern: /^(query en|body d\.event\.name): segment\./, why: 'is the prefix by which VWO knows such events' },
};

/** In small letters, as no name is written. */
const COMMON = /\bsegment(?:s|ing|ation)?\b/g;
const common = (why: string): { pattern: RegExp; why: string } => ({ pattern: COMMON, why });

/** Texts of definitions that have the word in them and keep it, by destination: what is left without these words must not name the platform. */
export const THEIR_TEXTS: Readonly<Record<string, { pattern: RegExp; why: string }>> = {
  'accoil-analytics': common('people and accounts are grouped'),
  airship: common('people are grouped; a page of their handbook'),
  ambee: { pattern: /\bsegment\.com\b/g, why: 'is where Ambee sends its notifications' },
  amplitude: common('people are grouped on a dashboard'),
  braze: common('a campaign has a group of people as its target'),
  customerio: common('people are grouped'),
  'delivrai-audiences': {
    pattern: /\b(?:segment|Segmentation)\b/g,
    why: 'is what an audience is called there',
  },
  hubspot: { pattern: /\bsegment_group_id\b/g, why: 'is the property by which companies are found again' },
  launchdarkly: common('is what a list of contexts is called there'),
  'launchdarkly-audiences': {
    pattern: /\b(?:createSegment|segment)\b|#segment-actions\b|\bsegments\b/g,
    why: 'is what a list of contexts is called there, and in the names of roles',
  },
  launchpad: {
    pattern: /\bsegment_source_name\b|\bsegment(?:ation)?\b/g,
    why: 'is the key that is sent; people are grouped',
  },
  m3ter: common('usage is grouped by fields'),
  mixpanel: { pattern: /\bsegment_source_name\b/g, why: 'is the key that is sent' },
  'optimizely-feature-experimentation': common('results are split by attributes'),
  'pendo-audiences': common('is what an audience is called there'),
  'tiktok-audiences': common('is a part of an audience'),
  'twilio-studio': { pattern: /\bprofiles\.segment\.com\b/g, why: 'is where phone numbers are looked up' },
  voucherify: { pattern: /\bsegmentio(?=\.voucherify\.io)/g, why: 'is their host' },
};
