export default {
  testMatch: ['<rootDir>/tests/*.test.mjs'],
  transform: {},
  globalSetup: '<rootDir>/tests/global-setup.mjs',
  globalTeardown: '<rootDir>/tests/global-teardown.mjs',
};
