/** What a person wants to hear of, as the API keeps it under the preference `notifications`. */
export type NotificationChoices = {
  onlyMine?: boolean;
  areas?: Readonly<Record<string, { inApp?: boolean; email?: boolean }>>;
};
export type NotificationChannel = 'inApp' | 'email';

/** Areas as the API names them, in words. */
export const NOTIFICATION_AREAS = [
  { area: 'sources', label: 'Sources', about: 'Made, changed, switched on or off; volume that leaves its bounds' },
  { area: 'destinations', label: 'Destinations', about: 'Made, changed, switched on or off; their filters' },
  {
    area: 'delivery',
    label: 'Delivery',
    about: 'A destination fails, events were not delivered, an answer that is new',
  },
  { area: 'trackingPlans', label: 'Tracking plans', about: 'Made, changed, deleted' },
  { area: 'people', label: 'People', about: 'Somebody is invited or asks for access' },
  {
    area: 'workspace',
    label: 'Workspace',
    about: 'Usage that reaches a number, books that do not add up, the rest of the audit trail',
  },
] as const;

/** What is kept, if it has the shape of choices. */
export const choicesIn = (preference: unknown): NotificationChoices =>
  typeof preference === 'object' && preference !== null && !Array.isArray(preference) ? preference : {};

/** In the app unless it says no; by mail only if it says yes. */
export function isChosen(choices: NotificationChoices, area: string, channel: NotificationChannel): boolean {
  const value = choices.areas?.[area]?.[channel];
  return channel === 'inApp' ? value !== false : value === true;
}

/** The choices with one changed; nothing else of them is lost. */
export const withChoice = (
  choices: NotificationChoices,
  area: string,
  channel: NotificationChannel,
  isOn: boolean,
): NotificationChoices => ({
  ...choices,
  areas: { ...choices.areas, [area]: { ...choices.areas?.[area], [channel]: isOn } },
});
