/** The categories of destinations, as Segment's catalog has them (features 1.7). */
export const DESTINATION_CATEGORIES = [
  'A/B Testing',
  'Advertising',
  'Analytics',
  'Attribution',
  'CRM',
  'Customer Success',
  'Deep Linking',
  'Email',
  'Email Marketing',
  'Enrichment',
  'Feature Flagging',
  'Heatmaps & Recordings',
  'Livechat',
  'Marketing Automation',
  'Performance Monitoring',
  'Personalization',
  'Raw Data',
  'Referrals',
  'Security & Fraud',
  'SMS & Push Notifications',
  'Surveys',
  'Tag Managers',
  'Video',
] as const;

/** Of the categories of sources (features 1.7) those that ours have. */
export const SOURCE_CATEGORIES = ['Website', 'Mobile', 'Server', 'Custom'] as const;
export type SourceCategory = (typeof SOURCE_CATEGORIES)[number];
