import type { TestResult } from '../../shared/domain/test-result.ts';

/** What deliver answers of a test that no mapping matched. */
export const aTestResult = (over: Partial<TestResult> = {}): TestResult => ({
  dryRun: true,
  stages: [],
  filtered: 'NO_MATCHING_MAPPING',
  event: {},
  matched: 0,
  mappings: 0,
  requests: 0,
  subscriptions: [],
  placeholders: [],
  notes: [],
  ...over,
});
