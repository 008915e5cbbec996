/**
 * What can go wrong, and how often it does where a seed has chosen it: the chance at each opportunity. Kinds with a rate of 1 are windows
 * or single events, which are planned by the one who plays them. Numbers in brackets are the traps of the design's background.
 */
export const FAULT_RATES = {
  // Machines
  'route killed': 0.012,
  'deliver killed': 0.006,
  'dead-letter function killed': 0.1,
  'machine stalls': 0.004,
  'poisonous part': 0.03,
  'poisonous request': 0.03,
  'clock skew': 1,
  'clock jump': 1,
  redeploy: 1,
  'messages of the release before': 1,

  // Queues
  'message twice': 0.15,
  'receipt lost': 0.08,
  'deletion undone': 0.05,
  'entry refused': 0.1,
  'send answered too late': 0.1,
  'send throttled': 0.1,
  'visibility not changed': 0.3,
  'few in flight': 1,
  'few receives': 1,
  'request queued twice': 0.1,

  // Tables and stores
  'row throttled': 0.3,
  'row refused (5xx)': 0.1,
  'row answered too late': 0.1,
  'claims half done': 0.08,
  'configuration away': 1,
  'key service denies': 0.15,
  'dead-letter store away': 0.15,
  'archive refuses': 0.2,
  'samples refused': 0.5,

  // What people do meanwhile
  'client repeats': 0.1,
  'invalid events': 0.08,
  'destination disabled': 1,
  'destination deleted': 1,
  'destination paused': 1,
  'mapping removed': 1,
  'lane moved': 1,
  'key corrected': 1,

  // Tools
  outage: 1,
  'tool does not answer': 1,
  'tool flaps': 1,
  'tool is slow': 1,
  'connection reset': 0.08,
  'asks to wait (429)': 0.08,
  'asks to wait too long': 0.01,
  'refuses the key (401)': 1,
  'refuses the event (400)': 0.04,
  'takes it and fails (500)': 0.08,
  'takes part of a batch': 0.1,

  // What people say of a user, who sends so large a share of the events; last, so that older seeds keep their choice
  'user suppressed': 0.3,
} as const;

export type FaultKind = keyof typeof FAULT_RATES;
export const FAULT_KINDS = Object.keys(FAULT_RATES) as FaultKind[];
/** Kinds by which the last function that looks at a message, the one that empties the dead-letter queues, dies over it. */
export const DEADLY_TO_LAST: readonly FaultKind[] = ['dead-letter function killed', 'machine stalls', 'redeploy'];
