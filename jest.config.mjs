// These ship ES modules only; jest runs CommonJS, so swc turns them. Middy says so only under "import", so it is found by its file.
const ESM_ONLY = ['@middy', 'jose', 'oidc-provider', 'openid-client', 'oauth4webapi', 'marked'].join('|');

const project = (displayName, extra = {}) => ({
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: [],
  transform: {
    '\\.html$': '<rootDir>/test/text-transform.cjs',
    '\\.(m?js|[cm]?ts)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY})/)`],
  moduleNameMapper: { '^@middy/(core|util)$': '<rootDir>/node_modules/@middy/$1/index.js' },
  moduleFileExtensions: ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json', 'html', 'node'],
  ...extra,
});

export default {
  // Jest by itself leaves a processor to others; nobody else needs it, and with two that is half.
  maxWorkers: '100%',
  projects: [
    project('unit'),
    project('infra'),
    project('contract'),
    project('e2e'),
    project('web'),
    project('slow'),
    project('bench'),
    project('sim'),
  ],
};
