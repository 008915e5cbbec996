/** Pages of the manual by topic, in the order of reading: files of docs/ without their ending. What is not named here is not in the manual's index. */
export const MANUAL_TOPICS: readonly { title: string; pages: readonly string[] }[] = [
  { title: 'Collect', pages: ['browser', 'webhook-source', 'tracking-tests', 'schema'] },
  {
    title: 'Send on',
    pages: ['catalog', 'destinations', 'own-destinations', 'adding-a-destination', 'filters', 'webhook-signatures'],
  },
  {
    title: 'See what happens',
    pages: [
      'web-app',
      'live-numbers',
      'debugger',
      'event-tester',
      'what-if',
      'delivery',
      'health',
      'alerts',
      'rehearsal',
      'usage',
    ],
  },
  { title: 'Send again, keep out', pages: ['replay', 'archive', 'suppression'] },
  { title: 'People', pages: ['people', 'sign-in', 'audit-forwarding', 'feedback'] },
  { title: 'By program', pages: ['api', 'api-operations', 'api-resources', 'tributary-cli', 'seed-file'] },
  {
    title: 'Run it',
    pages: [
      'deploy',
      'cost',
      'limits',
      'runbook',
      'security',
      'architecture',
      'local-cloud',
      'demo',
      'simulator',
      'sink',
    ],
  },
];
